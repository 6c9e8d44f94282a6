using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Chooses the decoder from what a leaf stores and the type that is wanted.</summary>
internal static class ValueDecoderFactory
{
    /// <exception cref="CorruptDataException">The leaf does not hold values of that type.</exception>
    public static ValueDecoder Create(SchemaNode leaf, DataType type)
    {
        var element = leaf.Element;
        var decoder = (element.Type, type.Root) switch
        {
            (PhysicalType.Boolean, TypeRoot.Boolean) => new BooleanDecoder(),
            (PhysicalType.Float, TypeRoot.Float) => new FixedDecoder<float, float, Identity<float>>(),
            (PhysicalType.Float, TypeRoot.Double) => new FixedDecoder<float, double, FloatToDouble>(),
            (PhysicalType.Double, TypeRoot.Double) => new FixedDecoder<double, double, Identity<double>>(),
            (_, TypeRoot.Decimal) => CreateDecimal(element, (DecimalType)type),
            (_, TypeRoot.Timestamp or TypeRoot.TimestampLtz) => CreateTimestamp(element, (TemporalType)type),
            (PhysicalType.Int32, _) => CreateInt32(element, type.Root),
            (PhysicalType.Int64, _) => CreateInt64(element, type.Root),
            (PhysicalType.ByteArray, TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary) =>
                new BinaryDecoder(0),
            (PhysicalType.FixedLenByteArray, TypeRoot.Char or TypeRoot.VarChar or TypeRoot.Binary or TypeRoot.VarBinary) =>
                new BinaryDecoder(FixedLength(element)),
            _ => null,
        };
        return decoder ?? throw new CorruptDataException(
            $"The column '{string.Join('.', leaf.Path)}' holds {element.Type} {element.Logical.Kind}, "
            + $"which cannot be read as the schema's {type}.");
    }

    private static ValueDecoder? CreateInt32(SchemaElement element, TypeRoot root) => root switch
    {
        TypeRoot.TinyInt => new FixedDecoder<int, sbyte, IntToSByte>(),
        TypeRoot.SmallInt => new FixedDecoder<int, short, IntToShort>(),
        TypeRoot.Int or TypeRoot.Date or TypeRoot.Time => new FixedDecoder<int, int, Identity<int>>(),
        TypeRoot.BigInt when IsUnsigned(element) => new FixedDecoder<int, long, UIntToLong>(),
        TypeRoot.BigInt => new FixedDecoder<int, long, IntToLong>(),
        _ => null,
    };

    private static ValueDecoder? CreateInt64(SchemaElement element, TypeRoot root) => root switch
    {
        TypeRoot.BigInt => new FixedDecoder<long, long, Identity<long>>(),
        TypeRoot.Int => new FixedDecoder<long, int, LongToInt>(),
        TypeRoot.Time => new FixedDecoder<long, int, LongToMillisOfDay>(
            new LongToMillisOfDay(UnitOf(element, TimeUnit.Micros) == TimeUnit.Nanos ? 1_000_000 : 1000)),
        _ => null,
    };

    private static ValueDecoder? CreateDecimal(SchemaElement element, DecimalType type)
    {
        var isDecimal = element.Logical.Kind == LogicalKind.Decimal || element.Converted == ConvertedType.Decimal;
        var scale = element.Logical.Kind == LogicalKind.Decimal ? element.Logical.Scale : element.Scale;
        if (isDecimal && scale != type.Scale)
        {
            return null;
        }

        return (element.Type, type.IsCompact) switch
        {
            (PhysicalType.Int32, true) => new FixedDecoder<int, long, IntToLong>(),
            (PhysicalType.Int32, false) => new FixedDecoder<int, Int128, IntToInt128>(),
            (PhysicalType.Int64, true) => new FixedDecoder<long, long, Identity<long>>(),
            (PhysicalType.Int64, false) when IsUnsigned(element) => new FixedDecoder<long, Int128, ULongToInt128>(),
            (PhysicalType.Int64, false) => new FixedDecoder<long, Int128, LongToInt128>(),
            (PhysicalType.ByteArray, true) => new DecimalDecoder<long>(0),
            (PhysicalType.ByteArray, false) => new DecimalDecoder<Int128>(0),
            (PhysicalType.FixedLenByteArray, true) => new DecimalDecoder<long>(FixedLength(element)),
            (PhysicalType.FixedLenByteArray, false) => new DecimalDecoder<Int128>(FixedLength(element)),
            _ => null,
        };
    }

    private static ValueDecoder? CreateTimestamp(SchemaElement element, TemporalType type)
    {
        var wanted = type.Precision switch
        {
            <= 3 => TimeUnit.Millis,
            <= 6 => TimeUnit.Micros,
            _ => TimeUnit.Nanos,
        };
        return element.Type switch
        {
            PhysicalType.Int96 when wanted == TimeUnit.Nanos => new FixedDecoder<Int96, NanoTimestamp, Int96ToNanoTimestamp>(),
            PhysicalType.Int96 => new FixedDecoder<Int96, long, Int96ToLong>(new Int96ToLong((int)PerMilli(wanted))),
            PhysicalType.Int64 => CreateTimestamp(UnitOf(element, wanted), wanted),
            _ => null,
        };
    }

    private static ValueDecoder CreateTimestamp(TimeUnit stored, TimeUnit wanted)
    {
        var (from, to) = (PerMilli(stored), PerMilli(wanted));
        if (wanted == TimeUnit.Nanos)
        {
            return new FixedDecoder<long, NanoTimestamp, LongToNanoTimestamp>(new LongToNanoTimestamp((int)from));
        }

        if (from == to)
        {
            return new FixedDecoder<long, long, Identity<long>>();
        }

        return from < to
            ? new FixedDecoder<long, long, Multiply>(new Multiply(to / from))
            : new FixedDecoder<long, long, DivideDown>(new DivideDown(from / to));
    }

    private static long PerMilli(TimeUnit unit) => unit switch
    {
        TimeUnit.Millis => 1,
        TimeUnit.Micros => 1000,
        _ => 1_000_000,
    };

    private static TimeUnit UnitOf(SchemaElement element, TimeUnit otherwise) => element.Converted switch
    {
        _ when element.Logical.Unit != TimeUnit.None => element.Logical.Unit,
        ConvertedType.TimestampMillis or ConvertedType.TimeMillis => TimeUnit.Millis,
        ConvertedType.TimestampMicros or ConvertedType.TimeMicros => TimeUnit.Micros,
        _ => otherwise == TimeUnit.Nanos ? TimeUnit.Micros : otherwise,
    };

    private static bool IsUnsigned(SchemaElement element) =>
        element.Logical is { Kind: LogicalKind.Integer, IsSigned: false }
        || element.Converted is ConvertedType.UInt8 or ConvertedType.UInt16 or ConvertedType.UInt32 or ConvertedType.UInt64;

    private static int FixedLength(SchemaElement element) => element.TypeLength is > 0 and <= 1 << 20
        ? element.TypeLength
        : throw new CorruptDataException($"The column '{element.Name}' claims values of {element.TypeLength} bytes.");
}
