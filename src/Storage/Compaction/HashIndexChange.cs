using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>A bucket's new index of its keys.</summary>
/// <param name="File">The new file.</param>
/// <param name="Replaced">The one that it goes on from; null where the bucket had none.</param>
/// <param name="Known">The names of all index files of the partition that its writer knows.</param>
internal sealed record HashIndexChange(IndexManifestEntry File, IndexManifestEntry? Replaced, IReadOnlySet<string> Known);
