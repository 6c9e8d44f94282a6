using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>Some consecutive rows of a file, a chunk for each leaf column.</summary>
/// <param name="Columns">One chunk a leaf, in the schema's order.</param>
/// <param name="TotalBytes">The uncompressed bytes of all pages.</param>
/// <param name="RowCount">The rows.</param>
internal sealed record RowGroup(IReadOnlyList<ColumnChunk> Columns, long TotalBytes, long RowCount)
{
    public static RowGroup Read(ref ThriftReader reader)
    {
        List<ColumnChunk>? columns = null;
        var (totalBytes, rowCount) = (0L, -1L);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.List):
                    columns = [];
                    for (var left = reader.ReadListHeader(out _); left > 0; left--)
                    {
                        columns.Add(ColumnChunk.Read(ref reader));
                    }

                    break;
                case (2, ThriftType.Int64): totalBytes = reader.ReadInt64(); break;
                case (3, ThriftType.Int64): rowCount = reader.ReadInt64(); break;
                default: reader.Skip(type); break;
            }
        }

        if (columns is null || rowCount < 0)
        {
            throw new CorruptDataException("A row group lacks its columns or its row count.");
        }

        return new RowGroup(columns, totalBytes, rowCount);
    }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.ListHeader(1, ThriftType.Struct, Columns.Count);
        foreach (var column in Columns)
        {
            column.Write(writer);
        }

        writer.Field(2, TotalBytes);
        writer.Field(3, RowCount);
        if (Columns.Count > 0)
        {
            writer.Field(5, Columns[0].StartOffset);
            writer.Field(6, Columns.Sum(column => column.CompressedBytes));
        }

        writer.EndStruct();
    }
}
