using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Footer;

/// <summary>What is known of the values of each data page of a chunk. Immutable.</summary>
internal sealed class ColumnIndex
{
    private readonly List<bool> _nullPages = [];
    private readonly List<byte[]> _mins = [];
    private readonly List<byte[]> _maxs = [];
    private readonly List<long> _nullCounts = [];

    private ColumnIndex()
    {
    }

    /// <summary>The pages.</summary>
    public int PageCount => _nullPages.Count;

    /// <summary>Reads an index.</summary>
    /// <exception cref="CorruptDataException">Its lists are of different lengths.</exception>
    public static ColumnIndex Read(ReadOnlySpan<byte> bytes)
    {
        var index = new ColumnIndex();
        var reader = new ThriftReader(bytes);
        var id = reader.EnterStruct();
        while (reader.NextField(ref id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.List): ReadFlags(ref reader, index._nullPages); break;
                case (2, ThriftType.List): ReadBounds(ref reader, index._mins); break;
                case (3, ThriftType.List): ReadBounds(ref reader, index._maxs); break;
                case (5, ThriftType.List):
                    for (var left = reader.ReadListHeader(out _); left > 0; left--)
                    {
                        index._nullCounts.Add(reader.ReadInt64());
                    }

                    break;
                default: reader.Skip(type); break;
            }
        }

        var pages = index._nullPages.Count;
        if (index._mins.Count != pages || index._maxs.Count != pages || (index._nullCounts.Count != 0 && index._nullCounts.Count != pages))
        {
            CorruptDataException.Throw(
                $"A column index has {pages} pages, {index._mins.Count} and {index._maxs.Count} bounds and {index._nullCounts.Count} counts.");
        }

        return index;
    }

    /// <summary>What is known of a page's values.</summary>
    /// <param name="page">The page.</param>
    /// <param name="rowCount">Its rows.</param>
    public ChunkStatistics StatisticsOf(int page, long rowCount) => _nullPages[page]
        ? new ChunkStatistics(rowCount, null, null)
        : new ChunkStatistics(_nullCounts.Count == 0 ? null : _nullCounts[page], _mins[page], _maxs[page]);

    private static void ReadFlags(ref ThriftReader reader, List<bool> flags)
    {
        for (var left = reader.ReadListHeader(out _); left > 0; left--)
        {
            flags.Add(reader.ReadByte() == (byte)ThriftType.True);
        }
    }

    private static void ReadBounds(ref ThriftReader reader, List<byte[]> bounds)
    {
        for (var left = reader.ReadListHeader(out _); left > 0; left--)
        {
            bounds.Add(reader.ReadBinary().ToArray());
        }
    }
}
