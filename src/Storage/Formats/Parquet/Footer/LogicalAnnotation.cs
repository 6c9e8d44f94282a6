using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>The newer annotation of a field's meaning (the format's LogicalType union).</summary>
/// <param name="Kind">Which member of the union.</param>
/// <param name="Unit">The unit of a TIME or TIMESTAMP.</param>
/// <param name="IsUtc">True for instants, for TIME and TIMESTAMP.</param>
/// <param name="BitWidth">The width of an integer; the precision of a decimal.</param>
/// <param name="IsSigned">True for a signed integer.</param>
/// <param name="Scale">The scale of a decimal.</param>
internal readonly record struct LogicalAnnotation(
    LogicalKind Kind,
    TimeUnit Unit = TimeUnit.None,
    bool IsUtc = false,
    int BitWidth = 0,
    bool IsSigned = false,
    int Scale = 0)
{
    public static LogicalAnnotation Read(ref ThriftReader reader)
    {
        var result = default(LogicalAnnotation);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            if (type != ThriftType.Struct)
            {
                reader.Skip(type);
                continue;
            }

            result = (LogicalKind)id switch
            {
                LogicalKind.Decimal => ReadDecimal(ref reader),
                LogicalKind.Time or LogicalKind.Timestamp => ReadTemporal(ref reader, (LogicalKind)id),
                LogicalKind.Integer => ReadInteger(ref reader),
                _ => ReadPlain(ref reader, (LogicalKind)id),
            };
        }

        return result;
    }

    public void Write(ThriftWriter writer, short fieldId)
    {
        if (Kind == LogicalKind.None)
        {
            return;
        }

        writer.BeginStruct(fieldId);
        writer.BeginStruct((short)Kind);
        switch (Kind)
        {
            case LogicalKind.Decimal:
                writer.Field(1, Scale);
                writer.Field(2, BitWidth);
                break;
            case LogicalKind.Time or LogicalKind.Timestamp:
                writer.Field(1, IsUtc);
                writer.BeginStruct(2);
                writer.EmptyStruct((short)Unit);
                writer.EndStruct();
                break;
            case LogicalKind.Integer:
                writer.Field(1, (sbyte)BitWidth);
                writer.Field(2, IsSigned);
                break;
        }

        writer.EndStruct();
        writer.EndStruct();
    }

    private static LogicalAnnotation ReadPlain(ref ThriftReader reader, LogicalKind kind)
    {
        reader.Skip(ThriftType.Struct);
        return new LogicalAnnotation(kind);
    }

    private static LogicalAnnotation ReadDecimal(ref ThriftReader reader)
    {
        var (scale, precision) = (0, 0);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): scale = reader.ReadInt32(); break;
                case (2, ThriftType.Int32): precision = reader.ReadInt32(); break;
                default: reader.Skip(type); break;
            }
        }

        return new LogicalAnnotation(LogicalKind.Decimal, BitWidth: precision, Scale: scale);
    }

    private static LogicalAnnotation ReadTemporal(ref ThriftReader reader, LogicalKind kind)
    {
        var (isUtc, unit) = (false, TimeUnit.None);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.True or ThriftType.False): isUtc = ThriftReader.ReadBool(type); break;
                case (2, ThriftType.Struct): unit = (TimeUnit)ReadUnion(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        return new LogicalAnnotation(kind, unit, isUtc);
    }

    private static short ReadUnion(ref ThriftReader reader)
    {
        short member = 0;
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            member = id;
            reader.Skip(type);
        }

        return member;
    }

    private static LogicalAnnotation ReadInteger(ref ThriftReader reader)
    {
        var (width, isSigned) = (0, true);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Byte): width = reader.ReadByte(); break;
                case (2, ThriftType.True or ThriftType.False): isSigned = ThriftReader.ReadBool(type); break;
                default: reader.Skip(type); break;
            }
        }

        return new LogicalAnnotation(LogicalKind.Integer, BitWidth: width, IsSigned: isSigned);
    }
}
