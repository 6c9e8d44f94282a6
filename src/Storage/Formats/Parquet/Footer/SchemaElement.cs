using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>A node of the schema, which the footer lists depth first.</summary>
internal sealed record SchemaElement(string Name)
{
    public PhysicalType? Type { get; init; }

    public int TypeLength { get; init; }

    public Repetition? Repetition { get; init; }

    public int ChildCount { get; init; }

    public ConvertedType? Converted { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }

    public int? FieldId { get; init; }

    public LogicalAnnotation Logical { get; init; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var element = new SchemaElement(string.Empty);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): element = element with { Type = (PhysicalType)reader.ReadInt32() }; break;
                case (2, ThriftType.Int32): element = element with { TypeLength = reader.ReadInt32() }; break;
                case (3, ThriftType.Int32): element = element with { Repetition = (Repetition)reader.ReadInt32() }; break;
                case (4, ThriftType.Binary): element = element with { Name = reader.ReadString() }; break;
                case (5, ThriftType.Int32): element = element with { ChildCount = reader.ReadInt32() }; break;
                case (6, ThriftType.Int32): element = element with { Converted = (ConvertedType)reader.ReadInt32() }; break;
                case (7, ThriftType.Int32): element = element with { Scale = reader.ReadInt32() }; break;
                case (8, ThriftType.Int32): element = element with { Precision = reader.ReadInt32() }; break;
                case (9, ThriftType.Int32): element = element with { FieldId = reader.ReadInt32() }; break;
                case (10, ThriftType.Struct): element = element with { Logical = LogicalAnnotation.Read(ref reader) }; break;
                default: reader.Skip(type); break;
            }
        }

        return element;
    }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        if (Type is { } physical)
        {
            writer.Field(1, (int)physical);
        }

        if (TypeLength > 0)
        {
            writer.Field(2, TypeLength);
        }

        if (Repetition is { } repetition)
        {
            writer.Field(3, (int)repetition);
        }

        writer.Field(4, Name);
        if (Type is null)
        {
            writer.Field(5, ChildCount);
        }

        if (Converted is { } converted)
        {
            writer.Field(6, (int)converted);
        }

        if (Precision > 0)
        {
            writer.Field(7, Scale);
            writer.Field(8, Precision);
        }

        if (FieldId is { } fieldId)
        {
            writer.Field(9, fieldId);
        }

        Logical.Write(writer, 10);
        writer.EndStruct();
    }
}
