using System.Numerics;
using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>Chooses the decoder for a column: from how its values are stored, what they are, and what they become.</summary>
internal static class ColumnDecoders
{
    public static ColumnDecoder Create(
        TableMap table, string name, WireColumn wire, MySqlColumnType source, DataType target, TypeMappingOptions options)
    {
        RequireSameFamily(table, name, wire, source);
        var decoder = target.Root switch
        {
            TypeRoot.Boolean when wire.Width == 1 => new BooleanDecoder(),
            TypeRoot.TinyInt => Integer<sbyte>(wire, source),
            TypeRoot.SmallInt => Integer<short>(wire, source),
            TypeRoot.Int => Integer<int>(wire, source),
            TypeRoot.BigInt => Integer<long>(wire, source),
            TypeRoot.Float when wire.Code == ColumnCode.Float => new FixedDecoder<float, SingleReader>(default),
            TypeRoot.Double when wire.Code == ColumnCode.Float => new FixedDecoder<double, SingleAsDoubleReader>(default),
            TypeRoot.Double when wire.Code == ColumnCode.Double => new FixedDecoder<double, DoubleReader>(default),
            TypeRoot.Decimal => Decimal(wire, source, (DecimalType)target),
            TypeRoot.Date when wire.Code is ColumnCode.Date or ColumnCode.NewDate =>
                new OptionalDecoder<int, DateReader>(new DateReader(options.ZeroDate, target.IsNullable)),
            TypeRoot.Time or TypeRoot.Timestamp => Temporal(wire, source, (TemporalType)target, options),
            TypeRoot.Char or TypeRoot.VarChar => Text(wire, source, options),
            TypeRoot.Binary or TypeRoot.VarBinary => Bytes(wire, source),
            TypeRoot.Array when wire.Code == ColumnCode.Set && target is ArrayType { Element.Root: TypeRoot.VarChar } =>
                new SetDecoder(wire.Width, [.. LabelsOf(table, name, source).Select(Encoding.UTF8.GetBytes)]),
            _ => null,
        };
        return decoder ?? throw new PaimonException(
            ErrorKind.Unsupported, $"{table}, column {name}: {source} in the log (type {wire.Code}) cannot become {target}.");
    }

    private static FixedDecoder<T, TReader> Fixed<T, TReader>()
        where T : unmanaged
        where TReader : struct, IValueReader<T> => new(default);

    private static ColumnDecoder? Integer<T>(WireColumn wire, MySqlColumnType source)
        where T : unmanaged, IBinaryInteger<T> => (wire.Code, source.IsUnsigned) switch
        {
            (ColumnCode.Tiny, false) => Fixed<T, IntegerReader<SignedByte, T>>(),
            (ColumnCode.Tiny, true) => Fixed<T, IntegerReader<UnsignedByte, T>>(),
            (ColumnCode.Short, false) => Fixed<T, IntegerReader<SignedTwo, T>>(),
            (ColumnCode.Short, true) => Fixed<T, IntegerReader<UnsignedTwo, T>>(),
            (ColumnCode.Int24, false) => Fixed<T, IntegerReader<SignedThree, T>>(),
            (ColumnCode.Int24, true) => Fixed<T, IntegerReader<UnsignedThree, T>>(),
            (ColumnCode.Long, false) => Fixed<T, IntegerReader<SignedFour, T>>(),
            (ColumnCode.Long, true) => Fixed<T, IntegerReader<UnsignedFour, T>>(),
            (ColumnCode.LongLong, false) => Fixed<T, IntegerReader<SignedEight, T>>(),
            (ColumnCode.LongLong, true) => Fixed<T, IntegerReader<UnsignedEight, T>>(),
            (ColumnCode.Year, _) => Fixed<T, IntegerReader<YearByte, T>>(),
            _ => null,
        };

    private static ColumnDecoder? Decimal(WireColumn wire, MySqlColumnType source, DecimalType target)
    {
        if (wire.Code == ColumnCode.LongLong && source.IsUnsigned && target is { IsCompact: false, Scale: 0 })
        {
            return Fixed<Int128, UnsignedEightDecimal>();
        }

        var (precision, scale) = (wire.Metadata, wire.Metadata2);
        if (wire.Code != ColumnCode.NewDecimal || precision - scale > target.Precision - target.Scale || scale > target.Scale)
        {
            return null;
        }

        return target.IsCompact
            ? new FixedDecoder<long, CompactDecimalReader>(new CompactDecimalReader(precision, scale, target.Scale))
            : new FixedDecoder<Int128, WideDecimalReader>(new WideDecimalReader(precision, scale, target.Scale));
    }

    private static ColumnDecoder? Temporal(WireColumn wire, MySqlColumnType source, TemporalType target, TypeMappingOptions options)
    {
        if (wire.Code is ColumnCode.Time or ColumnCode.DateTime or ColumnCode.Timestamp && source.Scale > 0)
        {
            throw new PaimonException(
                ErrorKind.Unsupported,
                $"{source} is logged in MariaDB's old form with fraction (mysql56_temporal_format=OFF): this is not supported; rebuild the table.");
        }

        if (target.Precision > 6)
        {
            return null;
        }

        return (target.Root, wire.Code) switch
        {
            (TypeRoot.Time, ColumnCode.Time or ColumnCode.Time2) => new FixedDecoder<int, TimeReader>(new TimeReader(wire)),
            (TypeRoot.Timestamp, ColumnCode.DateTime or ColumnCode.DateTime2) => new OptionalDecoder<long, DateTimeReader>(
                new DateTimeReader(wire, target.Precision, options.ZeroDate, target.IsNullable)),
            (TypeRoot.Timestamp, ColumnCode.Timestamp or ColumnCode.Timestamp2) => new OptionalDecoder<long, TimestampReader>(
                new TimestampReader(wire, target.Precision, options.ZeroDate, target.IsNullable, options.ServerTimeZone)),
            _ => null,
        };
    }

    private static ColumnDecoder Text(WireColumn wire, MySqlColumnType source, TypeMappingOptions options)
    {
        var isText = source.Kind is MySqlTypeKind.Char or MySqlTypeKind.VarChar or MySqlTypeKind.Text or MySqlTypeKind.LongText;
        if (isText)
        {
            var charset = CharsetOf(source);
            return wire.Code is ColumnCode.BlobCompressed or ColumnCode.VarCharCompressed
                ? new CompressedColumnDecoder(wire.Width, charset)
                : new TextDecoder(wire.Width, charset);
        }

        return new ConvertingDecoder(wire.Width, ServerText.ConversionOf(wire, source, options));
    }

    private static ColumnDecoder? Bytes(WireColumn wire, MySqlColumnType source) => wire.Code switch
    {
        ColumnCode.BlobCompressed or ColumnCode.VarCharCompressed => new CompressedColumnDecoder(wire.Width, null),
        ColumnCode.String => new BytesDecoder(wire.Width, source.Kind == MySqlTypeKind.Binary ? source.Length : 0),
        ColumnCode.VarChar or ColumnCode.VarString or ColumnCode.Blob or ColumnCode.Bit or ColumnCode.Vector
            or ColumnCode.Geometry => new BytesDecoder(wire.Width, 0),
        _ => null,
    };

    internal static MySqlCharset CharsetOf(MySqlColumnType source) => source.CollationId == 0
        ? throw new PaimonException(
            ErrorKind.Unsupported,
            $"The log does not tell the character set of a {source} column; set binlog_row_metadata=MINIMAL or use the table's schema.")
        : MySqlCharset.ForCollation(source.CollationId);

    private static IReadOnlyList<string> LabelsOf(TableMap table, string name, MySqlColumnType source) => source.Labels.Count > 0
        ? source.Labels
        : throw new PaimonException(
            ErrorKind.Unsupported,
            $"{table}, column {name}: the log does not tell the labels of {source.Kind}; set binlog_row_metadata=FULL or use the table's schema.");

    /// <summary>The log's types and the schema's must agree, or the schema is of another time.</summary>
    private static void RequireSameFamily(TableMap table, string name, WireColumn wire, MySqlColumnType source)
    {
        var fits = wire.Code switch
        {
            ColumnCode.Tiny => source.Kind == MySqlTypeKind.TinyInt,
            ColumnCode.Short => source.Kind == MySqlTypeKind.SmallInt,
            ColumnCode.Int24 => source.Kind == MySqlTypeKind.MediumInt,
            ColumnCode.Long => source.Kind == MySqlTypeKind.Int,
            ColumnCode.LongLong => source.Kind == MySqlTypeKind.BigInt,
            ColumnCode.Float => source.Kind == MySqlTypeKind.Float,
            ColumnCode.Double => source.Kind == MySqlTypeKind.Double,
            ColumnCode.NewDecimal => source.Kind == MySqlTypeKind.Decimal,
            ColumnCode.Year => source.Kind == MySqlTypeKind.Year,
            ColumnCode.Bit => source.Kind == MySqlTypeKind.Bit,
            ColumnCode.Enum => source.Kind == MySqlTypeKind.Enum,
            ColumnCode.Set => source.Kind == MySqlTypeKind.Set,
            ColumnCode.Json => source.Kind == MySqlTypeKind.Json,
            ColumnCode.Geometry => source.Kind == MySqlTypeKind.Geometry,
            ColumnCode.Date or ColumnCode.NewDate => source.Kind == MySqlTypeKind.Date,
            ColumnCode.Time or ColumnCode.Time2 => source.Kind == MySqlTypeKind.Time,
            ColumnCode.DateTime or ColumnCode.DateTime2 => source.Kind == MySqlTypeKind.DateTime,
            ColumnCode.Timestamp or ColumnCode.Timestamp2 => source.Kind == MySqlTypeKind.Timestamp,
            _ => source.Kind is >= MySqlTypeKind.Char and <= MySqlTypeKind.Blob or >= MySqlTypeKind.Vector,
        };
        if (!fits)
        {
            throw new PaimonException(
                ErrorKind.Invalid,
                $"{table}, column {name}: the log holds type {wire.Code} where the schema says {source}: the schema known is of another time.");
        }
    }
}
