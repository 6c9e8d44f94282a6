using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Files of one bucket that are read together, as Paimon's DataSplit: a planner makes it from a snapshot, an
/// <see cref="ISplitReader"/> turns it into rows. Immutable.
/// </summary>
internal sealed record Split
{
    /// <summary>The snapshot that was planned.</summary>
    public required long SnapshotId { get; init; }

    /// <summary>The bucket.</summary>
    public required BucketId Bucket { get; init; }

    /// <summary>The bucket count that the files were written with; -1 or -2 where buckets are not fixed.</summary>
    public required int TotalBuckets { get; init; }

    /// <summary>The files, in the order of the manifests.</summary>
    public required IReadOnlyList<DataFileMeta> Files { get; init; }

    /// <summary>The deletion vectors of <see cref="Files"/> by file name; files without one are absent.</summary>
    public IReadOnlyDictionary<string, DeletionFile> Deletions { get; init; } = NoDeletions;

    /// <summary>
    /// The files of the state before, for the difference of two states, and of what an overwrite removed, for a stream; null
    /// where nothing is compared.
    /// </summary>
    public IReadOnlyList<DataFileMeta>? BeforeFiles { get; init; }

    /// <summary>The deletion vectors of <see cref="BeforeFiles"/>.</summary>
    public IReadOnlyDictionary<string, DeletionFile> BeforeDeletions { get; init; } = NoDeletions;

    /// <summary>True when the files hold every key once, so that their rows need no merge.</summary>
    public bool IsRawConvertible { get; init; }

    /// <summary>
    /// True for changes: rows are given file by file as they were written, retractions too, and no deletion vector applies.
    /// </summary>
    public bool IsStreaming { get; init; }

    private static IReadOnlyDictionary<string, DeletionFile> NoDeletions { get; } = new Dictionary<string, DeletionFile>();
}
