namespace PaimonSharp.Storage.Metadata;

/// <summary>What one bucket's writer hands to the commit. Files are durable before they are listed here.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="TotalBuckets">The table's buckets as the writer knew them; -1 dynamic, -2 postponed.</param>
internal sealed record CommitMessage(BinaryRowBytes Partition, int Bucket, int TotalBuckets)
{
    /// <summary>Flushed data files.</summary>
    public IReadOnlyList<DataFileMeta> NewFiles { get; init; } = [];

    /// <summary>Live files that the writer removes without a compaction.</summary>
    public IReadOnlyList<DataFileMeta> DeletedFiles { get; init; } = [];

    /// <summary>Changelog files of the flushed rows.</summary>
    public IReadOnlyList<DataFileMeta> ChangelogFiles { get; init; } = [];

    /// <summary>
    /// Index files that belong to the flushed rows. Of each type a bucket has one: a new one replaces the one before it.
    /// </summary>
    public IReadOnlyList<IndexManifestEntry> NewIndexFiles { get; init; } = [];

    /// <summary>
    /// Where index files of keys are new: the names of those of the whole partition that their writer knows. A key that is new to it
    /// may be in another one. Null where there is nothing to know.
    /// </summary>
    public IReadOnlySet<string>? KnownIndexFiles { get; init; }

    /// <summary>Index files that the bucket has no longer, without another in their place.</summary>
    public IReadOnlyList<IndexManifestEntry> DeletedIndexFiles { get; init; } = [];

    /// <summary>Live files that compactions replaced.</summary>
    public IReadOnlyList<DataFileMeta> CompactBefore { get; init; } = [];

    /// <summary>Files that replace them; a file moved up stands in both lists, with its old and its new level.</summary>
    public IReadOnlyList<DataFileMeta> CompactAfter { get; init; } = [];

    /// <summary>Changelog files that compactions made.</summary>
    public IReadOnlyList<DataFileMeta> CompactChangelog { get; init; } = [];

    /// <summary>Index files that compactions made, as deletion vectors; they replace those of their type.</summary>
    public IReadOnlyList<IndexManifestEntry> CompactNewIndexFiles { get; init; } = [];

    /// <summary>
    /// Index files that compactions went on from and replaced: a commit of deletion vectors conflicts when the bucket has
    /// others by then.
    /// </summary>
    public IReadOnlyList<IndexManifestEntry> CompactDeletedIndexFiles { get; init; } = [];

    /// <summary>
    /// Where compactions looked keys up, or may have dropped deletes: the names of the files above level 0 that the bucket had before
    /// them, among which a key must not be twice, or be older than its delete. Null where it does not matter what else is there.
    /// </summary>
    public IReadOnlySet<string>? CompactKnownFiles { get; init; }

    /// <summary>True when there is nothing to commit.</summary>
    public bool IsEmpty => !HasAppend && !HasCompact;

    /// <summary>True when the first of the commit's two snapshots is needed.</summary>
    public bool HasAppend =>
        NewFiles.Count + DeletedFiles.Count + ChangelogFiles.Count + NewIndexFiles.Count + DeletedIndexFiles.Count > 0;

    /// <summary>True when a COMPACT snapshot is needed.</summary>
    public bool HasCompact =>
        CompactBefore.Count + CompactAfter.Count + CompactChangelog.Count
        + CompactNewIndexFiles.Count + CompactDeletedIndexFiles.Count > 0;

    /// <summary>The work of the writer alone, without that of compactions.</summary>
    public CommitMessage AppendPart() => this with
    {
        CompactBefore = [],
        CompactAfter = [],
        CompactChangelog = [],
        CompactNewIndexFiles = [],
        CompactDeletedIndexFiles = [],
        CompactKnownFiles = null,
    };

    /// <summary>The work of compactions alone.</summary>
    public CommitMessage CompactPart() => this with
    {
        NewFiles = [],
        DeletedFiles = [],
        ChangelogFiles = [],
        NewIndexFiles = [],
        KnownIndexFiles = null,
        DeletedIndexFiles = [],
    };
}
