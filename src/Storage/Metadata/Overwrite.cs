namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What an overwrite changes: it removes all live files of some partitions, whatever they are when it is published, and adds
/// its own. Immutable.
/// </summary>
/// <param name="store">The table.</param>
/// <param name="rows">The files added.</param>
/// <param name="addedIndex">The index files added.</param>
/// <param name="partition">The partitions that are overwritten; null for all.</param>
internal sealed class Overwrite(
    FileStore store,
    IReadOnlyList<ManifestEntry> rows,
    IReadOnlyList<IndexManifestEntry> addedIndex,
    Predicate<BinaryRowBytes>? partition)
{
    /// <summary>
    /// Of the partitions those that are overwritten, by the files that they have when it is published; null for all of them.
    /// </summary>
    public Predicate<IEnumerable<DataFileMeta>>? IsOverwritten { get; init; }

    /// <summary>The changes on top of a snapshot.</summary>
    public async ValueTask<Changes> OnAsync(Snapshot? latest, CancellationToken cancellationToken)
    {
        if (latest is null)
        {
            return new Changes(CommitKind.Overwrite, rows, []) { Index = addedIndex };
        }

        var filter = new ScanFilter
        {
            Partition = partition,
            Buckets = (bucket, _) => bucket >= 0 || store.Options.IsPostponed,
        };
        var live = await store.Scan.LiveAsync(latest, filter, cancellationToken).ConfigureAwait(false);
        var kept = live.GroupBy(entry => entry.Partition, entry => entry.File)
            .Where(files => IsOverwritten is not null && !IsOverwritten(files))
            .Select(files => files.Key).ToHashSet();
        var index = await store.IndexEntriesAsync(latest, cancellationToken).ConfigureAwait(false);
        return new Changes(
            CommitKind.Overwrite,
            [.. live.Where(entry => !kept.Contains(entry.Partition)).Select(entry => entry with { Kind = FileKind.Delete }), .. rows],
            [])
        {
            Index =
            [
                .. index.Where(entry => (partition is null || partition(entry.Partition)) && !kept.Contains(entry.Partition))
                    .Select(entry => entry with { Kind = FileKind.Delete }),
                .. addedIndex,
            ],
        };
    }
}
