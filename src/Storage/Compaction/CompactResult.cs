using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>What a compaction did. Immutable.</summary>
/// <param name="Before">The files that it replaced.</param>
/// <param name="After">The files that replace them; a file that only moved up is in both lists.</param>
internal sealed record CompactResult(IReadOnlyList<DataFileMeta> Before, IReadOnlyList<DataFileMeta> After);
