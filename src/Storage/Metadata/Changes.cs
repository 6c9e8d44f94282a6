namespace PaimonSharp.Storage.Metadata;

/// <summary>The manifest entries of one snapshot to be. Immutable.</summary>
/// <param name="Kind">What the snapshot is.</param>
/// <param name="Delta">Files added and removed, in order.</param>
/// <param name="Changelog">Changelog files.</param>
internal sealed record Changes(
    CommitKind Kind, IReadOnlyList<ManifestEntry> Delta, IReadOnlyList<ManifestEntry> Changelog)
{
    /// <summary>Index files added and removed.</summary>
    public IReadOnlyList<IndexManifestEntry> Index { get; init; } = [];

    /// <summary>True when there is no entry.</summary>
    public bool IsEmpty => Delta.Count == 0 && Changelog.Count == 0 && Index.Count == 0;

    /// <summary>The rows of the files added less those of the files removed.</summary>
    public long DeltaRowCount =>
        Delta.Sum(entry => entry.Kind == FileKind.Add ? entry.File.RowCount : -entry.File.RowCount);

    /// <summary>The rows of the changelog files; null when there is none.</summary>
    public long? ChangelogRowCount => Changelog.Count == 0 ? null : Changelog.Sum(entry => entry.File.RowCount);

    /// <summary>What the writers flushed. Removing files or rows of files makes it an OVERWRITE.</summary>
    public static Changes OfAppend(Committable committable)
    {
        var delta = new List<ManifestEntry>();
        var changelog = new List<ManifestEntry>();
        var index = new List<IndexManifestEntry>();
        foreach (var message in committable.Messages)
        {
            Add(delta, message, FileKind.Add, message.NewFiles);
            Add(delta, message, FileKind.Delete, message.DeletedFiles);
            Add(changelog, message, FileKind.Add, message.ChangelogFiles);
            Add(index, FileKind.Delete, message.DeletedIndexFiles);
            Add(index, FileKind.Add, message.NewIndexFiles);
        }

        var isOverwrite = delta.Exists(entry => entry.Kind == FileKind.Delete)
            || index.Exists(entry => entry.IndexType == IndexManifestEntry.DeletionVectorsIndex);
        return new Changes(isOverwrite ? CommitKind.Overwrite : CommitKind.Append, delta, changelog) { Index = index };
    }

    /// <summary>What compactions did.</summary>
    public static Changes OfCompact(Committable committable)
    {
        var delta = new List<ManifestEntry>();
        var changelog = new List<ManifestEntry>();
        var index = new List<IndexManifestEntry>();
        foreach (var message in committable.Messages)
        {
            Add(delta, message, FileKind.Delete, message.CompactBefore);
            Add(delta, message, FileKind.Add, message.CompactAfter);
            Add(changelog, message, FileKind.Add, message.CompactChangelog);
            Add(index, FileKind.Delete, message.CompactDeletedIndexFiles);
            Add(index, FileKind.Add, message.CompactNewIndexFiles);
        }

        return new Changes(CommitKind.Compact, delta, changelog) { Index = index };
    }

    private static void Add(
        List<ManifestEntry> entries, CommitMessage message, FileKind kind, IReadOnlyList<DataFileMeta> files)
    {
        foreach (var file in files)
        {
            entries.Add(new ManifestEntry(kind, message.Partition, message.Bucket, message.TotalBuckets, file));
        }
    }

    private static void Add(
        List<IndexManifestEntry> entries, FileKind kind, IReadOnlyList<IndexManifestEntry> files)
    {
        foreach (var file in files)
        {
            entries.Add(file with { Kind = kind });
        }
    }
}
