using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>What stands before a page's bytes: data pages of both versions and dictionary pages in one shape.</summary>
internal readonly record struct PageHeader
{
    public PageKind Kind { get; init; }

    /// <summary>The page's bytes after decompression, version 2's levels counted.</summary>
    public int UncompressedBytes { get; init; }

    /// <summary>The page's bytes in the file, version 2's levels counted.</summary>
    public int CompressedBytes { get; init; }

    /// <summary>The values, NULLs counted.</summary>
    public int ValueCount { get; init; }

    /// <summary>Version 2: the rows; -1 in version 1.</summary>
    public int RowCount { get; init; }

    public PageEncoding Encoding { get; init; }

    public PageEncoding DefinitionEncoding { get; init; }

    public PageEncoding RepetitionEncoding { get; init; }

    /// <summary>Version 2: the bytes of the definition levels.</summary>
    public int DefinitionBytes { get; init; }

    /// <summary>Version 2: the bytes of the repetition levels.</summary>
    public int RepetitionBytes { get; init; }

    /// <summary>Version 2: whether the values are compressed.</summary>
    public bool IsCompressed { get; init; }

    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader { UncompressedBytes = -1, CompressedBytes = -1, ValueCount = -1, RowCount = -1 };
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): header = header with { Kind = (PageKind)reader.ReadInt32() }; break;
                case (2, ThriftType.Int32): header = header with { UncompressedBytes = reader.ReadInt32() }; break;
                case (3, ThriftType.Int32): header = header with { CompressedBytes = reader.ReadInt32() }; break;
                case (5, ThriftType.Struct): header = ReadVersion1(ref reader, header); break;
                case (7, ThriftType.Struct): header = ReadVersion1(ref reader, header); break;
                case (8, ThriftType.Struct): header = ReadVersion2(ref reader, header); break;
                default: reader.Skip(type); break;
            }
        }

        if (header.UncompressedBytes < 0 || header.CompressedBytes < 0)
        {
            throw new CorruptDataException("A page header lacks its sizes, or they are negative.");
        }

        return header;
    }

    /// <summary>Writes the header of a data page of version 1 or, with <see cref="PageKind.Dictionary"/>, of a dictionary.</summary>
    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.Field(1, (int)Kind);
        writer.Field(2, UncompressedBytes);
        writer.Field(3, CompressedBytes);
        writer.BeginStruct(Kind == PageKind.Dictionary ? (short)7 : (short)5);
        writer.Field(1, ValueCount);
        writer.Field(2, (int)Encoding);
        if (Kind != PageKind.Dictionary)
        {
            writer.Field(3, (int)PageEncoding.Rle);
            writer.Field(4, (int)PageEncoding.Rle);
        }

        writer.EndStruct();
        writer.EndStruct();
    }

    private static PageHeader ReadVersion1(ref ThriftReader reader, PageHeader header)
    {
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): header = header with { ValueCount = reader.ReadInt32() }; break;
                case (2, ThriftType.Int32): header = header with { Encoding = (PageEncoding)reader.ReadInt32() }; break;
                case (3, ThriftType.Int32): header = header with { DefinitionEncoding = (PageEncoding)reader.ReadInt32() }; break;
                case (4, ThriftType.Int32): header = header with { RepetitionEncoding = (PageEncoding)reader.ReadInt32() }; break;
                default: reader.Skip(type); break;
            }
        }

        return header with { IsCompressed = true };
    }

    private static PageHeader ReadVersion2(ref ThriftReader reader, PageHeader header)
    {
        header = header with
        {
            IsCompressed = true,
            DefinitionEncoding = PageEncoding.Rle,
            RepetitionEncoding = PageEncoding.Rle,
        };
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int32): header = header with { ValueCount = reader.ReadInt32() }; break;
                case (3, ThriftType.Int32): header = header with { RowCount = reader.ReadInt32() }; break;
                case (4, ThriftType.Int32): header = header with { Encoding = (PageEncoding)reader.ReadInt32() }; break;
                case (5, ThriftType.Int32): header = header with { DefinitionBytes = reader.ReadInt32() }; break;
                case (6, ThriftType.Int32): header = header with { RepetitionBytes = reader.ReadInt32() }; break;
                case (7, ThriftType.True or ThriftType.False):
                    header = header with { IsCompressed = ThriftReader.ReadBool(type) };
                    break;
                default: reader.Skip(type); break;
            }
        }

        return header;
    }
}
