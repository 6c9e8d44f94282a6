namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Which files of a snapshot are wanted. Every part may be null: no condition. The parts that look at identities (partition,
/// bucket, level) keep an ADD and its DELETE together; <see cref="File"/> looks at files that are live.
/// </summary>
internal sealed record ScanFilter
{
    /// <summary>No condition.</summary>
    public static ScanFilter All { get; } = new();

    /// <summary>False for manifests that hold no wanted partition, told by their bounds of the partition columns.</summary>
    public Predicate<ManifestFileMeta>? Manifest { get; init; }

    /// <summary>The partitions wanted.</summary>
    public Predicate<BinaryRowBytes>? Partition { get; init; }

    /// <summary>The bucket wanted.</summary>
    public int? Bucket { get; init; }

    /// <summary>The buckets wanted, where they depend on the bucket count of the file: (bucket, total buckets).</summary>
    public Func<int, int, bool>? Buckets { get; init; }

    /// <summary>The smallest level wanted.</summary>
    public int? MinLevel { get; init; }

    /// <summary>The live files wanted, by key range or column statistics.</summary>
    public Predicate<ManifestEntry>? File { get; init; }

    /// <summary>False when no entry of a manifest can be wanted.</summary>
    public bool MayContain(ManifestFileMeta manifest) =>
        !(Bucket < manifest.MinBucket)
        && !(Bucket > manifest.MaxBucket)
        && !(MinLevel > manifest.MaxLevel)
        && (Manifest is null || Manifest(manifest));

    /// <summary>True when the entry's identity is wanted.</summary>
    public bool AcceptsIdentity(ManifestEntry entry) =>
        (Bucket is null || Bucket == entry.Bucket)
        && (MinLevel is null || MinLevel <= entry.File.Level)
        && (Buckets is null || Buckets(entry.Bucket, entry.TotalBuckets))
        && (Partition is null || Partition(entry.Partition));
}
