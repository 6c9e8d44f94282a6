namespace PaimonSharp.Storage.Metadata;

/// <summary>How a commit changes the complete list of a table's index files (docs/format.md#index-manifest).</summary>
internal static class IndexChanges
{
    /// <summary>
    /// Applies changes: what is removed first, then what is added. A bucket has one hash index and one file of deletion vectors,
    /// so that a new one replaces the one before it.
    /// </summary>
    /// <param name="entries">The list, which is changed.</param>
    /// <param name="changes">The changes of one commit.</param>
    public static void Apply(List<IndexManifestEntry> entries, IReadOnlyList<IndexManifestEntry> changes)
    {
        foreach (var change in changes.Where(change => change.Kind == FileKind.Delete))
        {
            entries.RemoveAll(known => known.FileName == change.FileName);
        }

        foreach (var change in changes.Where(change => change.Kind == FileKind.Add))
        {
            entries.RemoveAll(known => known.FileName == change.FileName || IsReplaced(known, change));
            entries.Add(change);
        }
    }

    /// <summary>
    /// Says whether deletion vectors go on from those that a table has: vectors made beside others would bring rows back that
    /// the others deleted.
    /// </summary>
    /// <param name="entries">The table's index files.</param>
    /// <param name="changes">The changes of a commit of compactions.</param>
    /// <exception cref="CommitConflictException">Another compaction changed the vectors of a bucket first.</exception>
    public static void Check(IReadOnlyList<IndexManifestEntry> entries, IReadOnlyList<IndexManifestEntry> changes)
    {
        var replaced = changes.Where(change => change.Kind == FileKind.Delete).Select(change => change.FileName)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes.Where(change => change.IndexType == IndexManifestEntry.DeletionVectorsIndex))
        {
            var other = change.Kind == FileKind.Add
                ? entries.FirstOrDefault(known => IsReplaced(known, change) && !replaced.Contains(known.FileName))
                : entries.Any(known => known.FileName == change.FileName) ? null : change;
            if (other is not null)
            {
                throw new CommitConflictException(
                    $"The deletion vectors of bucket {change.Bucket} are others than those that the compaction went on from"
                    + $" ({other.FileName}): another writer compacted the same bucket first. Let one writer at a time compact a"
                    + " bucket, or set 'write-only'.",
                    [change.FileName]);
            }
        }
    }

    private static bool IsReplaced(IndexManifestEntry known, IndexManifestEntry added) =>
        added.IndexType is IndexManifestEntry.HashIndex or IndexManifestEntry.DeletionVectorsIndex
        && known.IndexType == added.IndexType
        && known.Bucket == added.Bucket
        && known.Partition.Equals(added.Partition);
}
