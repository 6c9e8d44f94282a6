namespace PaimonSharp.Storage.Tables.Lookups;

/// <summary>The buckets of a partition in one state of the table. Immutable.</summary>
internal sealed class LookupPartition
{
    private static readonly LookupBucket[] None = [];

    private readonly LookupBucket[][] _byNumber;

    /// <summary>Sorts the buckets.</summary>
    /// <param name="buckets">The buckets by their numbers.</param>
    /// <param name="totalBuckets">The number of buckets that the partition's files were written with; 0 where they differ.</param>
    public LookupPartition(IReadOnlyDictionary<int, LookupBucket> buckets, int totalBuckets)
    {
        All = [.. buckets.OrderBy(bucket => bucket.Key).Select(bucket => bucket.Value)];
        TotalBuckets = Math.Max(0, totalBuckets);
        _byNumber = new LookupBucket[TotalBuckets][];
        for (var i = 0; i < TotalBuckets; i++)
        {
            _byNumber[i] = buckets.TryGetValue(i, out var bucket) ? [bucket] : None;
        }
    }

    /// <summary>Joins partitions among which a key does not tell its own.</summary>
    /// <param name="buckets">The buckets of all of them.</param>
    public LookupPartition(LookupBucket[] buckets)
    {
        All = buckets;
        _byNumber = [];
    }

    /// <summary>All buckets that have files.</summary>
    public LookupBucket[] All { get; }

    /// <summary>The number of buckets that keys are spread over; 0 where a key does not tell its bucket.</summary>
    public int TotalBuckets { get; }

    /// <summary>The bucket of a number, none where it has no files.</summary>
    /// <param name="bucket">0 to <see cref="TotalBuckets"/> - 1.</param>
    public LookupBucket[] Of(int bucket) => _byNumber[bucket];
}
