namespace PaimonSharp.Storage.Metadata;

/// <summary>A line of a manifest: a file was added or removed (docs/format.md#manifest-entry). Immutable.</summary>
/// <param name="Kind">Added or removed.</param>
/// <param name="Partition">The values of the partition columns.</param>
/// <param name="Bucket">The bucket: 0 and up, -2 for postponed rows.</param>
/// <param name="TotalBuckets">The table's buckets when the file was written; -1 dynamic, -2 postponed.</param>
/// <param name="File">The file.</param>
internal sealed record ManifestEntry(
    FileKind Kind, BinaryRowBytes Partition, int Bucket, int TotalBuckets, DataFileMeta File)
{
    /// <summary>What a DELETE entry must share with the ADD entry that it cancels.</summary>
    public FileIdentity Identity => new(Partition, Bucket, File);
}
