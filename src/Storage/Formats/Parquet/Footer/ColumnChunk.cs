using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>The pages of one leaf column in one row group (the format's ColumnChunk and ColumnMetaData).</summary>
internal sealed record ColumnChunk
{
    public PhysicalType Type { get; init; }

    public IReadOnlyList<PageEncoding> Encodings { get; init; } = [];

    public IReadOnlyList<string> Path { get; init; } = [];

    public PageCodec Codec { get; init; }

    /// <summary>The values, NULLs and empty lists counted.</summary>
    public long ValueCount { get; init; }

    /// <summary>The uncompressed bytes of all pages with their headers.</summary>
    public long UncompressedBytes { get; init; }

    /// <summary>The bytes of all pages with their headers, as they are in the file.</summary>
    public long CompressedBytes { get; init; }

    public long DataPageOffset { get; init; }

    public long? DictionaryPageOffset { get; init; }

    public ChunkStatistics? Statistics { get; init; }

    public long? OffsetIndexOffset { get; init; }

    public int OffsetIndexLength { get; init; }

    public long? ColumnIndexOffset { get; init; }

    public int ColumnIndexLength { get; init; }

    /// <summary>Where the first page begins. Some writers leave an offset of 0 where there is no dictionary.</summary>
    public long StartOffset => DictionaryPageOffset is { } dictionary and > 0 && dictionary < DataPageOffset
        ? dictionary
        : DataPageOffset;

    public static ColumnChunk Read(ref ThriftReader reader)
    {
        ColumnChunk? chunk = null;
        var (offsetIndex, offsetIndexLength) = ((long?)null, 0);
        var (columnIndex, columnIndexLength) = ((long?)null, 0);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Binary):
                    PaimonException.ThrowUnsupported($"The column's pages are in another file, {reader.ReadString()}.");
                    break;
                case (3, ThriftType.Struct): chunk = ReadMetadata(ref reader); break;
                case (4, ThriftType.Int64): offsetIndex = reader.ReadInt64(); break;
                case (5, ThriftType.Int32): offsetIndexLength = reader.ReadInt32(); break;
                case (6, ThriftType.Int64): columnIndex = reader.ReadInt64(); break;
                case (7, ThriftType.Int32): columnIndexLength = reader.ReadInt32(); break;
                case (8, ThriftType.Struct):
                    PaimonException.ThrowUnsupported("The column is encrypted.");
                    break;
                default: reader.Skip(type); break;
            }
        }

        if (chunk is null)
        {
            throw new CorruptDataException("A column chunk lacks its metadata.");
        }

        return chunk with
        {
            OffsetIndexOffset = offsetIndex,
            OffsetIndexLength = offsetIndexLength,
            ColumnIndexOffset = columnIndex,
            ColumnIndexLength = columnIndexLength,
        };
    }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Field(2, StartOffset);
        writer.BeginStruct(3);
        writer.Field(1, (int)Type);
        writer.ListHeader(2, ThriftType.Int32, Encodings.Count);
        foreach (var encoding in Encodings)
        {
            writer.WriteInt64((int)encoding);
        }

        writer.ListHeader(3, ThriftType.Binary, Path.Count);
        foreach (var part in Path)
        {
            writer.WriteBinary(System.Text.Encoding.UTF8.GetBytes(part));
        }

        writer.Field(4, (int)Codec);
        writer.Field(5, ValueCount);
        writer.Field(6, UncompressedBytes);
        writer.Field(7, CompressedBytes);
        writer.Field(9, DataPageOffset);
        if (DictionaryPageOffset is { } dictionary)
        {
            writer.Field(11, dictionary);
        }

        Statistics?.Write(writer, 12);
        writer.EndStruct();
        WriteIndexes(writer);
        writer.EndStruct();
    }

    private void WriteIndexes(ThriftWriter writer)
    {
        if (OffsetIndexOffset is { } offsetIndex)
        {
            writer.Field(4, offsetIndex);
            writer.Field(5, OffsetIndexLength);
        }

        if (ColumnIndexOffset is { } columnIndex)
        {
            writer.Field(6, columnIndex);
            writer.Field(7, ColumnIndexLength);
        }
    }

    private static ColumnChunk ReadMetadata(ref ThriftReader reader)
    {
        var chunk = new ColumnChunk { DataPageOffset = -1, ValueCount = -1, CompressedBytes = -1 };
        var path = new List<string>();
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): chunk = chunk with { Type = (PhysicalType)reader.ReadInt32() }; break;
                case (3, ThriftType.List):
                    for (var left = reader.ReadListHeader(out _); left > 0; left--)
                    {
                        path.Add(reader.ReadString());
                    }

                    break;
                case (4, ThriftType.Int32): chunk = chunk with { Codec = (PageCodec)reader.ReadInt32() }; break;
                case (5, ThriftType.Int64): chunk = chunk with { ValueCount = reader.ReadInt64() }; break;
                case (6, ThriftType.Int64): chunk = chunk with { UncompressedBytes = reader.ReadInt64() }; break;
                case (7, ThriftType.Int64): chunk = chunk with { CompressedBytes = reader.ReadInt64() }; break;
                case (9, ThriftType.Int64): chunk = chunk with { DataPageOffset = reader.ReadInt64() }; break;
                case (11, ThriftType.Int64): chunk = chunk with { DictionaryPageOffset = reader.ReadInt64() }; break;
                case (12, ThriftType.Struct): chunk = chunk with { Statistics = ChunkStatistics.Read(ref reader) }; break;
                default: reader.Skip(type); break;
            }
        }

        if (chunk.DataPageOffset < 0 || chunk.ValueCount < 0 || chunk.CompressedBytes < 0 || chunk.UncompressedBytes < 0)
        {
            throw new CorruptDataException("A column chunk lacks its offset, sizes or value count, or they are negative.");
        }

        return chunk with { Path = path };
    }
}
