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
        var index = await store.IndexEntriesAsync(latest, cancellationToken).ConfigureAwait(false);
        return new Changes(
            CommitKind.Overwrite, [.. live.Select(entry => entry with { Kind = FileKind.Delete }), .. rows], [])
        {
            Index =
            [
                .. index.Where(entry => partition is null || partition(entry.Partition))
                    .Select(entry => entry with { Kind = FileKind.Delete }),
                .. addedIndex,
            ],
        };
    }
}
