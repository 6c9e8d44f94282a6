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
    /// Says whether index files go on from those that a table has: deletion vectors made beside others would bring rows back that
    /// the others deleted, and hashes written beside others would forget keys.
    /// </summary>
    /// <param name="entries">The table's index files.</param>
    /// <param name="changes">The changes of a commit.</param>
    /// <exception cref="CommitConflictException">Another writer changed the index files of a bucket first.</exception>
    public static void Check(IReadOnlyList<IndexManifestEntry> entries, IReadOnlyList<IndexManifestEntry> changes)
    {
        var replaced = changes.Where(change => change.Kind == FileKind.Delete).Select(change => change.FileName)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var other = change.Kind == FileKind.Add
                ? entries.FirstOrDefault(known => IsReplaced(known, change) && !replaced.Contains(known.FileName))
                : entries.Any(known => known.FileName == change.FileName) ? null : change;
            if (other is null)
            {
                continue;
            }

            if (change.IndexType == IndexManifestEntry.DeletionVectorsIndex)
            {
                throw new CommitConflictException(
                    $"The deletion vectors of bucket {change.Bucket} are others than those that the compaction went on from"
                    + $" ({other.FileName}): another writer compacted the same bucket first. Let one writer at a time compact a"
                    + " bucket, or set 'write-only'.",
                    [change.FileName]);
            }

            if (change.IndexType == IndexManifestEntry.HashIndex)
            {
                throw ForeignKeys(change.Bucket, other.FileName);
            }
        }
    }

    /// <summary>
    /// Says whether commits of new keys knew all keys of their partitions: with a smaller bucket than another writer thinks of, a key
    /// would get another bucket than there.
    /// </summary>
    /// <param name="entries">The table's index files.</param>
    /// <param name="messages">The commit's parts.</param>
    /// <exception cref="CommitConflictException">Another writer brought keys to one of the partitions.</exception>
    public static void CheckKnown(IReadOnlyList<IndexManifestEntry> entries, IReadOnlyList<CommitMessage> messages)
    {
        var known = messages.Where(message => message.KnownIndexFiles is not null)
            .GroupBy(message => message.Partition)
            .ToDictionary(partition => partition.Key, partition => partition.First().KnownIndexFiles!);
        var other = known.Count == 0
            ? null
            : entries.FirstOrDefault(entry => entry.IndexType == IndexManifestEntry.HashIndex
                && known.TryGetValue(entry.Partition, out var files)
                && !files.Contains(entry.FileName));
        if (other is not null)
        {
            throw ForeignKeys(other.Bucket, other.FileName);
        }
    }

    /// <summary>
    /// Says whether every bucket that gets rows has an index of its keys: another writer may have removed the rows of a partition with
    /// its index, while this one wrote rows whose keys it knew.
    /// </summary>
    /// <param name="entries">The table's index files.</param>
    /// <param name="changes">The commit's changes of them.</param>
    /// <param name="delta">The files of its rows.</param>
    /// <exception cref="CommitConflictException">A bucket would have rows without an index.</exception>
    public static void CheckKeys(
        IReadOnlyList<IndexManifestEntry> entries, IReadOnlyList<IndexManifestEntry> changes, IReadOnlyList<ManifestEntry> delta)
    {
        var indexed = entries.Concat(changes.Where(change => change.Kind == FileKind.Add))
            .Where(entry => entry.IndexType == IndexManifestEntry.HashIndex)
            .Select(entry => (entry.Partition, entry.Bucket)).ToHashSet();
        if (delta.FirstOrDefault(entry => !indexed.Contains((entry.Partition, entry.Bucket))) is { } rows)
        {
            throw ForeignKeys(rows.Bucket, rows.File.FileName);
        }
    }

    /// <summary>Says whether a compaction rewrote files as they are: without rows that others have deleted meanwhile.</summary>
    /// <param name="entries">The table's index files.</param>
    /// <param name="changes">The compaction's changes of them.</param>
    /// <param name="delta">Its changes of data files.</param>
    /// <exception cref="CommitConflictException">Rows of a file that it removes were deleted by another writer.</exception>
    public static void CheckRewritten(
        IReadOnlyList<IndexManifestEntry> entries, IReadOnlyList<IndexManifestEntry> changes, IReadOnlyList<ManifestEntry> delta)
    {
        var replaced = changes.Where(change => change.Kind == FileKind.Delete).Select(change => change.FileName)
            .ToHashSet(StringComparer.Ordinal);
        var kept = delta.Where(entry => entry.Kind == FileKind.Add).Select(entry => entry.File.FileName)
            .ToHashSet(StringComparer.Ordinal);
        var rewritten = delta.Where(entry => entry.Kind == FileKind.Delete && !kept.Contains(entry.File.FileName))
            .Select(entry => entry.File.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => !replaced.Contains(entry.FileName)))
        {
            foreach (var deleted in entry.DeletionVectors ?? [])
            {
                if (rewritten.Contains(deleted.DataFileName))
                {
                    throw new CommitConflictException(
                        $"The compaction rewrote rows of {deleted.DataFileName} that another writer deleted meanwhile"
                        + $" ({entry.FileName}). Let one writer at a time compact a bucket, or set 'write-only'.",
                        [deleted.DataFileName]);
                }
            }
        }
    }

    /// <summary>The error of a writer whose index of keys is not the table's any more.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="file">An index file that should not, or should, be there.</param>
    public static CommitConflictException ForeignKeys(int bucket, string file) => new(
        $"The keys of bucket {bucket} are others than those that the writer went on from ({file}): another writer changed the same"
        + " partition meanwhile. With dynamic buckets only one writer at a time may write a partition; begin a new one and write"
        + " again what was not committed.",
        [file])
    {
        IsOfKeys = true,
    };

    private static bool IsReplaced(IndexManifestEntry known, IndexManifestEntry added) =>
        added.IndexType is IndexManifestEntry.HashIndex or IndexManifestEntry.DeletionVectorsIndex
        && known.IndexType == added.IndexType
        && known.Bucket == added.Bucket
        && known.Partition.Equals(added.Partition);
}
