using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Thrift;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The bounds of a page's values.</summary>
/// <param name="Min">In plain encoding, perhaps cut; null when unknown.</param>
/// <param name="Max">In plain encoding, perhaps cut; null when unknown.</param>
/// <param name="RisesFromPrevious">Both bounds are at least those of the page before.</param>
/// <param name="FallsFromPrevious">Both bounds are at most those of the page before.</param>
internal readonly record struct PageBounds(byte[]? Min, byte[]? Max, bool RisesFromPrevious, bool FallsFromPrevious);

/// <summary>A chunk that is in the file, with what is written of it at the file's end.</summary>
internal sealed record FinishedChunk(ColumnChunk Chunk, IReadOnlyList<PageLocation> Locations, ColumnIndexBuilder Index);

/// <summary>Collects the bounds and NULLs of a chunk's pages: the format's ColumnIndex.</summary>
internal sealed class ColumnIndexBuilder
{
    private const int Unordered = 0;
    private const int Ascending = 1;
    private const int Descending = 2;

    private readonly List<byte[]> _mins = [];
    private readonly List<byte[]> _maxs = [];
    private readonly List<long> _nullCounts = [];
    private readonly List<bool> _nullPages = [];
    private bool _isAscending = true;
    private bool _isDescending = true;

    /// <summary>False when a page's bounds are not known: the chunk then has no index.</summary>
    public bool IsComplete { get; private set; } = true;

    public void Add(PageBounds bounds, long nullCount, int valueCount)
    {
        var isNullPage = nullCount == valueCount;
        IsComplete &= isNullPage || bounds.Min is not null;
        _nullPages.Add(isNullPage);
        _nullCounts.Add(nullCount);
        _mins.Add(bounds.Min ?? []);
        _maxs.Add(bounds.Max ?? []);
        if (!isNullPage)
        {
            _isAscending &= bounds.RisesFromPrevious;
            _isDescending &= bounds.FallsFromPrevious;
        }
    }

    public void Write(ThriftWriter writer)
    {
        writer.BeginStruct();
        writer.ListHeader(1, ThriftType.True, _nullPages.Count);
        foreach (var isNullPage in _nullPages)
        {
            writer.WriteBool(isNullPage);
        }

        WriteBounds(writer, 2, _mins);
        WriteBounds(writer, 3, _maxs);
        writer.Field(4, _isAscending ? Ascending : _isDescending ? Descending : Unordered);
        writer.ListHeader(5, ThriftType.Int64, _nullCounts.Count);
        foreach (var nullCount in _nullCounts)
        {
            writer.WriteInt64(nullCount);
        }

        writer.EndStruct();
    }

    private static void WriteBounds(ThriftWriter writer, short id, List<byte[]> bounds)
    {
        writer.ListHeader(id, ThriftType.Binary, bounds.Count);
        foreach (var bound in bounds)
        {
            writer.WriteBinary(bound);
        }
    }
}
