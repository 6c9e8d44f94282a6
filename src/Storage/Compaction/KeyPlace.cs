namespace PaimonSharp.Storage.Compaction;

/// <summary>Where a key of a table lives, and since when it is known.</summary>
/// <param name="Partition">The number of the partition, below 2^24.</param>
/// <param name="Bucket">The bucket, below 2^15.</param>
/// <param name="Tick">The time, in units of the index, below 2^24.</param>
internal readonly record struct KeyPlace(int Partition, int Bucket, int Tick)
{
    /// <summary>One more than the highest number of a partition, and the highest time.</summary>
    public const int PartitionLimit = 1 << PartitionBits;

    /// <summary>One more than the highest number of a bucket.</summary>
    public const int BucketLimit = 1 << BucketBits;

    private const int PartitionBits = 24;
    private const int BucketBits = 15;

    /// <summary>Takes a place out of 63 bits.</summary>
    public static KeyPlace Unpack(long bits) => new(
        (int)(bits >> BucketBits) & (PartitionLimit - 1),
        (int)bits & (BucketLimit - 1),
        (int)(bits >> (BucketBits + PartitionBits)) & (PartitionLimit - 1));

    /// <summary>The place in 63 bits.</summary>
    public long Pack() => ((long)Tick << (BucketBits + PartitionBits)) | ((long)Partition << BucketBits) | (uint)Bucket;
}
