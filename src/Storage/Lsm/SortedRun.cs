using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lsm;

/// <summary>Files whose key ranges do not overlap, in key order: together they hold each key at most once. Immutable.</summary>
/// <param name="Files">The files, smallest keys first.</param>
internal sealed record SortedRun(IReadOnlyList<DataFileMeta> Files)
{
    /// <summary>The size of all files.</summary>
    public long SizeBytes => Files.Sum(file => file.FileSizeBytes);
}
