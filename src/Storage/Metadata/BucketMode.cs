namespace PaimonSharp.Storage.Metadata;

/// <summary>How rows find their buckets (docs/format.md#bucket-modes).</summary>
internal enum BucketMode
{
    /// <summary>By a function of the bucket key; the buckets of a partition are given.</summary>
    Fixed,

    /// <summary>A table without a primary key that has no buckets: all rows of a partition are in one.</summary>
    Unaware,

    /// <summary>By an index of the keys of each partition, which grows by buckets.</summary>
    Dynamic,

    /// <summary>By an index of the keys of all partitions: a row with a known key moves to the partition that it names.</summary>
    CrossPartition,

    /// <summary>Not before a compaction: until then rows lie in one bucket as they came.</summary>
    Postponed,
}
