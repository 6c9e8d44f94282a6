using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>What a file's footer says (the format's FileMetaData), as far as it is used.</summary>
/// <param name="Schema">The schema's nodes, depth first, the root first.</param>
/// <param name="RowCount">The rows of the file.</param>
/// <param name="RowGroups">The row groups, in order.</param>
/// <param name="CreatedBy">Which program wrote the file.</param>
internal sealed record FileFooter(
    IReadOnlyList<SchemaElement> Schema,
    long RowCount,
    IReadOnlyList<RowGroup> RowGroups,
    string? CreatedBy)
{
    public static FileFooter Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        List<SchemaElement>? schema = null;
        List<RowGroup>? rowGroups = null;
        long? rowCount = null;
        string? createdBy = null;
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (2, ThriftType.List): schema = ReadSchema(ref reader); break;
                case (3, ThriftType.Int64): rowCount = reader.ReadInt64(); break;
                case (4, ThriftType.List): rowGroups = ReadRowGroups(ref reader); break;
                case (6, ThriftType.Binary): createdBy = reader.ReadString(); break;
                default: reader.Skip(type); break;
            }
        }

        if (schema is null || rowGroups is null || rowCount is null)
        {
            throw new CorruptDataException("The footer lacks the schema, the row count or the row groups.");
        }

        return new FileFooter(schema, rowCount.Value, rowGroups, createdBy);
    }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Field(1, 1);
        writer.ListHeader(2, ThriftType.Struct, Schema.Count);
        var leaves = 0;
        foreach (var element in Schema)
        {
            element.Write(writer);
            leaves += element.Type is null ? 0 : 1;
        }

        writer.Field(3, RowCount);
        writer.ListHeader(4, ThriftType.Struct, RowGroups.Count);
        foreach (var rowGroup in RowGroups)
        {
            rowGroup.Write(writer);
        }

        if (CreatedBy is not null)
        {
            writer.Field(6, CreatedBy);
        }

        writer.ListHeader(7, ThriftType.Struct, leaves);
        for (var i = 0; i < leaves; i++)
        {
            writer.BeginStruct();
            writer.EmptyStruct(1);
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    private static List<SchemaElement> ReadSchema(ref ThriftReader reader)
    {
        var list = new List<SchemaElement>();
        for (var left = reader.ReadListHeader(out var type); left > 0; left--)
        {
            RequireStruct(type);
            list.Add(SchemaElement.Read(ref reader));
        }

        return list;
    }

    private static List<RowGroup> ReadRowGroups(ref ThriftReader reader)
    {
        var list = new List<RowGroup>();
        for (var left = reader.ReadListHeader(out var type); left > 0; left--)
        {
            RequireStruct(type);
            list.Add(RowGroup.Read(ref reader));
        }

        return list;
    }

    private static void RequireStruct(ThriftType type)
    {
        if (type != ThriftType.Struct)
        {
            CorruptDataException.Throw($"A list of the footer holds elements of type {type}, not structures.");
        }
    }
}
