using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// One look of a <see cref="CompactJob"/> at a table: some buckets at a time are compacted and committed, more and more of them while
/// that is quick; buckets whose compaction lost against another change are taken up again. Used once; one thread.
/// </summary>
/// <param name="table">The table, opened to compact.</param>
/// <param name="commitUser">Who commits.</param>
/// <param name="options">What to do.</param>
internal sealed class CompactPass(Table table, string commitUser, CompactJobOptions options)
{
    private const int MostBuckets = 1024;
    private const int MostTargetFiles = 8;
    private const long DefaultTargetFileBytes = 128L << 20;

    /// <summary>Compactions of this length are committed for themselves: what is not committed may be lost.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    private readonly long _start = table.Environment.TimeProvider.GetTimestamp();
    private readonly List<PartitionFilter> _filters =
    [
        .. options.Partitions
            .Select(values => new PartitionFilter(table.Schema, table.Store.Options.PartitionDefaultName, values)),
    ];

    private CompactProgress _progress = new() { Table = table.Name };

    /// <summary>Runs.</summary>
    /// <param name="cancellationToken">Stops; what was committed stays.</param>
    public async ValueTask<CompactProgress> RunAsync(CancellationToken cancellationToken)
    {
        var live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
        switch (BucketModes.Of(table.Schema, table.Options))
        {
            case BucketMode.Postponed:
                await CompactPostponedAsync(live, cancellationToken).ConfigureAwait(false);
                break;
            case BucketMode.Unaware:
                PaimonException.ThrowUnsupported(
                    $"{table.Name}: a table without primary key and buckets (bucket = -1) is not compacted: its files are"
                    + " read as they are, and rows are never replaced.");
                break;
            default:
                await CompactBucketsAsync(table, live, Chosen(live), cancellationToken).ConfigureAwait(false);
                break;
        }

        return _progress;
    }

    /// <summary>Rows that wait are brought into their buckets, and these are compacted.</summary>
    private async ValueTask CompactPostponedAsync(LiveBuckets live, CancellationToken cancellationToken)
    {
        try
        {
            var compaction = new PostponeCompaction(table, commitUser) { IsChosen = IsChosen };
            var snapshot = await compaction.RunAsync(cancellationToken).ConfigureAwait(false);
            _progress = _progress with
            {
                Files = compaction.Moved.Count,
                Rows = compaction.Moved.Sum(file => file.RowCount),
                Bytes = compaction.Moved.Sum(file => file.FileSizeBytes),
                Snapshots = snapshot is null ? 0 : 1,
            };
        }
        catch (CommitConflictException)
        {
            _progress = _progress with { LostRaces = _progress.LostRaces + 1 };
        }

        Tell();
        live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
        foreach (var group in Chosen(live).Where(id => id.Bucket >= 0).GroupBy(id => live.TotalOf(id.Partition)))
        {
            var fixedBuckets = table.WithOptions(new Dictionary<string, string> { ["bucket"] = $"{group.Key}" });
            await CompactBucketsAsync(fixedBuckets, live, [.. group], cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CompactBucketsAsync(
        Table opened, LiveBuckets live, IReadOnlyList<BucketId> buckets, CancellationToken cancellationToken)
    {
        TableFeatures.CheckWritable(opened.Schema, opened.Options);
        var open = new Queue<(BucketId Id, int Attempts)>(buckets.Select(static id => (id, 0)));
        _progress = _progress with { Buckets = _progress.Buckets + open.Count };
        var writer = new TableWriter(opened, commitUser, overwrite: null, live);
        await using var disposeWriter = writer.ConfigureAwait(false);

        // A changelog of full compactions comes by nothing else.
        var isFull = options.IsFull || opened.Options.GetName("changelog-producer", "none") == "full-compaction";

        // A writer that compacts deletes rows in the files that are being merged, sooner than a full compaction is done.
        var races = isFull && opened.Schema.PrimaryKeys.Count > 0 && LookupStrategy.Of(opened.Options).HasDeletionVectors;

        // Every commit reads the metadata of the table: of thousands of small buckets many are committed together.
        var size = writer.ParallelCompactions;
        var mostBytes = MostTargetFiles * opened.Options.GetSize("target-file-size", DefaultTargetFileBytes);
        while (open.Count > 0)
        {
            var group = new List<(BucketId Id, int Attempts)>();
            var isRace = races && open.Peek().Attempts > 0;
            var bytes = 0L;
            while (group.Count < (isRace ? 1 : size)
                && (group.Count < writer.ParallelCompactions || bytes < mostBytes)
                && open.TryPeek(out var next)
                && isRace == (races && next.Attempts > 0))
            {
                bytes += live.SizeOf(next.Id);
                group.Add(open.Dequeue());
            }

            var begun = table.Environment.TimeProvider.GetTimestamp();
            var isDone = isRace
                ? await RaceAsync(writer, opened, group[0].Id, group[0].Attempts - 1, cancellationToken).ConfigureAwait(false)
                : await CompactAsync(writer, group.Select(bucket => bucket.Id).ToHashSet(), isFull, cancellationToken)
                    .ConfigureAwait(false);
            if (isDone)
            {
                _progress = _progress with { DoneBuckets = _progress.DoneBuckets + group.Count };
                size = table.Environment.TimeProvider.GetElapsedTime(begun) < LongEnough
                    ? Math.Min(size * 2, MostBuckets)
                    : Math.Max(size / 2, writer.ParallelCompactions);
            }
            else
            {
                size = writer.ParallelCompactions;
                _progress = _progress with { LostRaces = _progress.LostRaces + 1 };
                foreach (var (id, attempts) in group.Where(bucket => bucket.Attempts + 1 < options.Attempts))
                {
                    open.Enqueue((id, attempts + 1));
                }
            }

            Tell();
        }
    }

    private IReadOnlyList<BucketId> Chosen(LiveBuckets live) => [.. live.Buckets.Where(id => IsChosen(id.Partition))];

    private bool IsChosen(BinaryRowBytes partition) =>
        _filters.Count == 0 || _filters.Exists(filter => filter.Contains(partition));

    /// <summary>Compacts some buckets and commits them together; false when that lost against another change.</summary>
    private async ValueTask<bool> CompactAsync(
        TableWriter writer, HashSet<BucketId> buckets, bool isFull, CancellationToken cancellationToken)
    {
        var isWhole = await writer.CompactBucketsAsync(buckets, isFull, cancellationToken).ConfigureAwait(false);
        var prepared = await writer.PrepareCommitAsync(waitForCompaction: true, cancellationToken).ConfigureAwait(false);
        var lost = writer.LostCompactions;

        // Stopped in the middle of it, nobody would know whose the files are.
        cancellationToken.ThrowIfCancellationRequested();
        var snapshots = await writer.CommitPreparedAsync(prepared, null, CancellationToken.None).ConfigureAwait(false);
        if (writer.LostCompactions > lost)
        {
            return false;
        }

        Count(
            prepared.Messages.SelectMany(message => message.CompactBefore), prepared.Messages.SelectMany(message => message.CompactAfter));
        _progress = _progress with { Snapshots = _progress.Snapshots + snapshots.Count };
        return isWhole;
    }

    /// <summary>Compacts a bucket beside a writer that compacts it, too; false when others replaced the files.</summary>
    private async ValueTask<bool> RaceAsync(
        TableWriter writer, Table opened, BucketId id, int attempt, CancellationToken cancellationToken)
    {
        var racing = new RacingCompaction(opened, commitUser);
        await using var disposeRacing = racing.ConfigureAwait(false);
        if (await racing.RunAsync(id, attempt, cancellationToken).ConfigureAwait(false) is not { } result)
        {
            return false;
        }

        Count(result.Before, result.After);
        _progress = _progress with { Snapshots = _progress.Snapshots + (result.Before.Count > 0 ? 1 : 0) };

        // Level 0 is moved up here where nobody else does it; where this loses, somebody does.
        _ = await CompactAsync(writer, [id], isFull: false, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private void Count(IEnumerable<DataFileMeta> before, IEnumerable<DataFileMeta> after)
    {
        var names = after.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in before)
        {
            var isRewritten = !names.Contains(file.FileName);
            _progress = _progress with
            {
                Files = _progress.Files + 1,
                Rows = _progress.Rows + (isRewritten ? file.RowCount : 0),
                Bytes = _progress.Bytes + (isRewritten ? file.FileSizeBytes : 0),
            };
        }
    }

    private void Tell()
    {
        _progress = _progress with { Elapsed = table.Environment.TimeProvider.GetElapsedTime(_start) };
        options.Progress?.Report(_progress);
    }
}
