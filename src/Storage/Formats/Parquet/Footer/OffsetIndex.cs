using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>Where a data page is, with its header.</summary>
/// <param name="Offset">Its header's first byte in the file.</param>
/// <param name="SizeBytes">The bytes of header and page.</param>
/// <param name="FirstRow">The page's first row, counted in the row group.</param>
internal readonly record struct PageLocation(long Offset, int SizeBytes, long FirstRow);

/// <summary>The places of a chunk's data pages.</summary>
internal static class OffsetIndex
{
    public static List<PageLocation> Read(ReadOnlySpan<byte> bytes)
    {
        var pages = new List<PageLocation>();
        var reader = new ThriftReader(bytes);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            if ((id, type) != (1, ThriftType.List))
            {
                reader.Skip(type);
                continue;
            }

            for (var left = reader.ReadListHeader(out _); left > 0; left--)
            {
                pages.Add(ReadLocation(ref reader));
            }
        }

        for (var i = 0; i < pages.Count; i++)
        {
            if (i == 0 ? pages[i].FirstRow != 0 : pages[i].FirstRow < pages[i - 1].FirstRow)
            {
                CorruptDataException.Throw("The pages of an offset index are not in the order of their rows.");
            }
        }

        return pages;
    }

    public static void Write(ThriftWriter writer, IReadOnlyList<PageLocation> pages, long chunkOffset)
    {
        writer.BeginStruct();
        writer.ListHeader(1, ThriftType.Struct, pages.Count);
        foreach (var page in pages)
        {
            writer.BeginStruct();
            writer.Field(1, chunkOffset + page.Offset);
            writer.Field(2, page.SizeBytes);
            writer.Field(3, page.FirstRow);
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    private static PageLocation ReadLocation(ref ThriftReader reader)
    {
        var (offset, size, firstRow) = (-1L, -1, -1L);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Int64): offset = reader.ReadInt64(); break;
                case (2, ThriftType.Int32): size = reader.ReadInt32(); break;
                case (3, ThriftType.Int64): firstRow = reader.ReadInt64(); break;
                default: reader.Skip(type); break;
            }
        }

        if (offset < 0 || size < 0 || firstRow < 0)
        {
            CorruptDataException.Throw("An entry of an offset index lacks its offset, size or row.");
        }

        return new PageLocation(offset, size, firstRow);
    }
}
