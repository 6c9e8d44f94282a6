using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>What a compaction did. Immutable.</summary>
/// <param name="Before">The files that it replaced.</param>
/// <param name="After">The files that replace them; a file that only moved up is in both lists.</param>
internal sealed record CompactResult(IReadOnlyList<DataFileMeta> Before, IReadOnlyList<DataFileMeta> After)
{
    /// <summary>The changelog files that it made.</summary>
    public IReadOnlyList<DataFileMeta> Changelog { get; init; } = [];

    /// <summary>The new file of all deletion vectors of the bucket; null when they are as they were.</summary>
    public IndexManifestEntry? DeletionVectors { get; init; }
}
