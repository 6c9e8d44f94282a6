using PaimonSharp.Data.Options;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>
/// Turns snapshots into splits: of their state, of what they added, of their changelog, of what differs between two. Reads
/// metadata only. One thread.
/// </summary>
internal sealed class SplitPlanner
{
    private readonly FileStore _store;
    private readonly FilePruner _pruner;
    private readonly SplitPacker _packer;
    private readonly FileSelection _selection;
    private readonly bool _hasDeletionVectors;

    /// <summary>Prepares to plan.</summary>
    /// <param name="store">The table.</param>
    /// <param name="schema">The schema that is read with.</param>
    /// <param name="options">The table's options under it.</param>
    /// <param name="predicate">The condition; null for all rows.</param>
    /// <param name="selection">The files that count.</param>
    public SplitPlanner(
        FileStore store, TableSchema schema, TableOptions options, Predicate? predicate, FileSelection selection)
    {
        _store = store;
        _pruner = new FilePruner(store.Schemas, schema, options, predicate)
        {
            // What is above level 0 holds every key once there.
            HasOverlaps = schema.PrimaryKeys.Count > 0
                && (selection.MinLevel == 0 || !LevelZero.IsHidden(schema, options)),
        };
        _packer = new SplitPacker(schema, options);
        _selection = selection;
        _hasDeletionVectors = options.GetBoolean("deletion-vectors.enabled", false);
    }

    /// <summary>The files ruled out by the condition.</summary>
    public int PrunedFiles => _pruner.PrunedFiles;

    /// <summary>
    /// The state of a snapshot: every live file, to be merged where that is needed. Rows that wait for their buckets come last, in the
    /// order in which they were written.
    /// </summary>
    public async ValueTask<IReadOnlyList<Split>> PlanStateAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var entries = await _store.Scan.LiveAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false);
        var deletions = await DeletionsAsync(snapshot, cancellationToken).ConfigureAwait(false);
        var splits = new List<Split>();
        foreach (var bucket in ByBucket(entries).OrderBy(bucket => bucket.Key.Bucket == DataFilePaths.PostponeBucket))
        {
            foreach (var (packed, isRawConvertible) in await PackStateAsync(bucket, cancellationToken).ConfigureAwait(false))
            {
                splits.Add(NewSplit(snapshot.Id, bucket, packed) with
                {
                    IsRawConvertible = isRawConvertible,
                    Deletions = deletions.OfBucket(bucket.Key.Partition, bucket.Key.Bucket),
                });
            }
        }

        return splits;
    }

    /// <summary>The partitions that have files in a snapshot, as far as the condition asks for partitions.</summary>
    public async ValueTask<IReadOnlySet<BinaryRowBytes>> PartitionsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var filter = Filter() with { Buckets = (bucket, _) => bucket >= 0 || !_selection.OnlyRealBuckets };
        var entries = await _store.Scan.LiveAsync(snapshot, filter, cancellationToken).ConfigureAwait(false);
        return entries.Select(entry => entry.Partition).ToHashSet();
    }

    /// <summary>What a snapshot itself added, to be given as it is: one split for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanDeltaAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        PlanChanges(snapshot, await _store.Scan.DeltaAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false));

    /// <summary>The changelog files of a snapshot, to be given as they are: one split for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanChangelogAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        PlanChanges(snapshot, await _store.Scan.ChangelogAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false));

    /// <summary>What an overwrite removed and what it added, to be given as retractions and rows: one split for each bucket.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanOverwriteAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var entries = await _store.Scan.DeltaAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false);
        return
        [
            .. ByBucket(entries).Select(bucket => NewSplit(snapshot.Id, bucket, FilesOf(bucket, FileKind.Add)) with
            {
                BeforeFiles = FilesOf(bucket, FileKind.Delete),
                IsStreaming = true,
            }),
        ];
    }

    /// <summary>The additions or changelogs of several snapshots as one batch.</summary>
    /// <param name="after">The id of the snapshot after which to begin.</param>
    /// <param name="through">The id of the last snapshot.</param>
    /// <param name="isChangelog">True for the changelogs.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Io.FileMissingException">A snapshot in between is not there.</exception>
    public async ValueTask<IReadOnlyList<Split>> PlanBetweenAsync(
        long after, long through, bool isChangelog, CancellationToken cancellationToken)
    {
        var entries = new List<ManifestEntry>();
        for (var id = after + 1; id <= through; id++)
        {
            var snapshot = await _store.Snapshots.ReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (isChangelog && snapshot.CommitKind != CommitKind.Overwrite)
            {
                entries.AddRange(await _store.Scan.ChangelogAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false));
            }
            else if (!isChangelog && snapshot.CommitKind == CommitKind.Append)
            {
                entries.AddRange(await _store.Scan.DeltaAsync(snapshot, Filter(), cancellationToken).ConfigureAwait(false));
            }
        }

        return
        [
            .. from bucket in ByBucket(entries)
               from packed in _packer.Pack(_pruner.PruneByKeys(FilesOf(bucket)))
               select NewSplit(through, bucket, packed.Files) with { IsStreaming = true },
        ];
    }

    /// <summary>Two states of which rows that differ are wanted. Files that both have are left out of both.</summary>
    public async ValueTask<IReadOnlyList<Split>> PlanDifferenceAsync(
        Snapshot before, Snapshot after, CancellationToken cancellationToken)
    {
        var oldEntries = await _store.Scan.LiveAsync(before, Filter(), cancellationToken).ConfigureAwait(false);
        var newEntries = await _store.Scan.LiveAsync(after, Filter(), cancellationToken).ConfigureAwait(false);
        var oldDeletions = await DeletionsAsync(before, cancellationToken).ConfigureAwait(false);
        var newDeletions = await DeletionsAsync(after, cancellationToken).ConfigureAwait(false);
        var common = oldEntries.Select(entry => entry.Identity).Intersect(newEntries.Select(entry => entry.Identity)).ToHashSet();
        var oldBuckets = ByBucket(oldEntries.Where(entry => !common.Contains(entry.Identity))).ToDictionary(bucket => bucket.Key);
        var newBuckets = ByBucket(newEntries.Where(entry => !common.Contains(entry.Identity))).ToDictionary(bucket => bucket.Key);
        var splits = new List<Split>();
        foreach (var id in oldBuckets.Keys.Union(newBuckets.Keys))
        {
            var oldBucket = oldBuckets.GetValueOrDefault(id);
            var newBucket = newBuckets.GetValueOrDefault(id);
            splits.Add(NewSplit(after.Id, (newBucket ?? oldBucket)!, FilesOrNone(newBucket)) with
            {
                BeforeFiles = FilesOrNone(oldBucket),
                Deletions = newDeletions.OfBucket(id.Partition, id.Bucket),
                BeforeDeletions = oldDeletions.OfBucket(id.Partition, id.Bucket),
            });
        }

        return splits;
    }

    private async ValueTask<IEnumerable<(IReadOnlyList<DataFileMeta> Files, bool IsRawConvertible)>> PackStateAsync(
        IGrouping<BucketId, ManifestEntry> bucket, CancellationToken cancellationToken)
    {
        var files = FilesOf(bucket);
        if (bucket.Key.Bucket != DataFilePaths.PostponeBucket)
        {
            return _packer.Pack(await _pruner.PruneStateAsync(files, cancellationToken).ConfigureAwait(false));
        }

        // They are not merged, and what these files say of their first and last keys is not what other files say.
        var kept = PostponedFiles.InOrder(_pruner.PruneByKeys(files));
        return kept.Count == 0 ? [] : [(kept, false)];
    }

    private static IEnumerable<IGrouping<BucketId, ManifestEntry>> ByBucket(IEnumerable<ManifestEntry> entries) =>
        entries.GroupBy(entry => new BucketId(entry.Partition, entry.Bucket));

    private static DataFileMeta[] FilesOf(IEnumerable<ManifestEntry> bucket, FileKind kind = FileKind.Add) =>
        [.. bucket.Where(entry => entry.Kind == kind).Select(entry => entry.File)];

    private static Split NewSplit(long snapshotId, IGrouping<BucketId, ManifestEntry> bucket, IReadOnlyList<DataFileMeta> files) =>
        new() { SnapshotId = snapshotId, Bucket = bucket.Key, TotalBuckets = bucket.First().TotalBuckets, Files = files };

    private IReadOnlyList<DataFileMeta> FilesOrNone(IEnumerable<ManifestEntry>? bucket) =>
        bucket is null ? [] : _pruner.PruneByKeys(FilesOf(bucket));

    private List<Split> PlanChanges(Snapshot snapshot, List<ManifestEntry> entries)
    {
        var splits = new List<Split>();
        foreach (var bucket in ByBucket(entries.Where(entry => entry.Kind == FileKind.Add)))
        {
            if (_pruner.PruneByKeys(FilesOf(bucket)) is { Count: > 0 } files)
            {
                splits.Add(NewSplit(snapshot.Id, bucket, files) with { IsStreaming = true });
            }
        }

        return splits;
    }

    private ScanFilter Filter() => new()
    {
        Manifest = _pruner.MayMatchPartitions,
        Partition = _pruner.MayMatchPartition,
        Buckets = (bucket, totalBuckets) =>
            (bucket >= 0 || !_selection.OnlyRealBuckets) && _pruner.MayMatchBucket(bucket, totalBuckets),
        MinLevel = _selection.MinLevel > 0 ? _selection.MinLevel : null,
        File = _selection.CreatedSinceMillis is { } since ? entry => WasMadeSince(entry.File, since) : null,
    };

    // Files tell when they were made in local time.
    private bool WasMadeSince(DataFileMeta file, long sinceMillis)
    {
        if (file.CreationTimeMillis is not { } localMillis)
        {
            return false;
        }

        var local = DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(localMillis), DateTimeKind.Unspecified);
        var offset = _store.Environment.TimeProvider.LocalTimeZone.GetUtcOffset(local);
        return localMillis - (long)offset.TotalMilliseconds >= sinceMillis;
    }

    private async ValueTask<DeletionFiles> DeletionsAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        _hasDeletionVectors
            ? await _store.DeletionFilesAsync(snapshot, cancellationToken).ConfigureAwait(false)
            : new DeletionFiles([], _store.IndexPaths);
}
