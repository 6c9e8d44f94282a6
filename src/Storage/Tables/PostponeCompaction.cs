using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables.Splits;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Brings the rows of a table that wait for their buckets into them (docs/format.md#postponed-buckets): they are written by
/// writers of their partitions' buckets, in the order of their arrival, and everything becomes one COMPACT snapshot. When the
/// files were taken by somebody else first, what is left is tried again. One thread.
/// </summary>
internal sealed partial class PostponeCompaction
{
    private const int DefaultBuckets = 1;
    private const int Attempts = 5;

    private readonly Table _table;
    private readonly FileStoreCommit _commit;
    private readonly ILogger _logger;

    /// <summary>Makes a compaction.</summary>
    /// <param name="table">The table.</param>
    /// <param name="commitUser">Who commits.</param>
    /// <exception cref="PaimonException">Invalid: the table's <c>bucket</c> is not -2.</exception>
    public PostponeCompaction(Table table, string commitUser)
    {
        TableFeatures.CheckWritable(table.Schema, table.Options);
        if (BucketModes.Of(table.Schema, table.Options) != BucketMode.Postponed)
        {
            PaimonException.ThrowInvalid($"{table.Path}: rows wait for their buckets in tables with 'bucket' = '-2' only.");
        }

        _table = table;
        _commit = table.Store.NewCommit(commitUser);
        _logger = table.Environment.LoggerFactory.CreateLogger<PostponeCompaction>();
    }

    /// <summary>The partitions whose rows are moved; all by default.</summary>
    public Predicate<BinaryRowBytes> IsChosen { get; init; } = static _ => true;

    /// <summary>The files of the postpone bucket whose rows the last <see cref="RunAsync"/> moved.</summary>
    public IReadOnlyList<DataFileMeta> Moved { get; private set; } = [];

    /// <summary>Moves all rows that wait in the newest snapshot.</summary>
    /// <param name="cancellationToken">Gives up, but for a commit that has begun; no file is left behind.</param>
    /// <returns>The snapshot; null when no row waits.</returns>
    /// <exception cref="CommitConflictException">Others changed the same buckets each time that it was tried.</exception>
    public async ValueTask<Snapshot?> RunAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await _table.Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false) is not { } snapshot)
            {
                return null;
            }

            var messages = new List<CommitMessage>();
            try
            {
                await WriteAsync(snapshot, messages, cancellationToken).ConfigureAwait(false);
            }
            catch (FileMissingException missing) when (attempt < Attempts)
            {
                // Others have moved the rows, and the snapshot has expired with their files; the newest one never does.
                if (await _table.Store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) == snapshot.Id)
                {
                    throw;
                }

                LogLost(_logger, _table.Name, missing.Message);
                continue;
            }

            if (messages.Count == 0)
            {
                return null;
            }

            try
            {
                // Stopped in the middle of it, nobody would know whose the files are.
                var snapshots = await _commit
                    .CommitAsync(new Committable(long.MaxValue, messages), CancellationToken.None).ConfigureAwait(false);
                Moved =
                [
                    .. messages.Where(message => message.Bucket == DataFilePaths.PostponeBucket)
                        .SelectMany(message => message.CompactBefore),
                ];
                return snapshots[^1];
            }
            catch (CommitConflictException conflict)
            {
                await _commit.AbortAsync(messages).ConfigureAwait(false);
                if (attempt == Attempts)
                {
                    throw;
                }

                LogLost(_logger, _table.Name, conflict.Message);
            }
        }
    }

    private static CommitMessage AsCompaction(CommitMessage message)
    {
        var gone = Names(message.CompactBefore);
        var flushed = Names(message.NewFiles);
        return message.CompactPart() with
        {
            CompactBefore = [.. message.CompactBefore.Where(file => !flushed.Contains(file.FileName))],
            CompactAfter = [.. message.NewFiles.Where(file => !gone.Contains(file.FileName)), .. message.CompactAfter],
            CompactChangelog = [.. message.ChangelogFiles, .. message.CompactChangelog],
            CompactNewIndexFiles = [.. message.NewIndexFiles, .. message.CompactNewIndexFiles],
            CompactDeletedIndexFiles = [.. message.DeletedIndexFiles, .. message.CompactDeletedIndexFiles],
        };
    }

    private static HashSet<string> Names(IEnumerable<DataFileMeta> files) =>
        files.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);

    private async ValueTask WriteAsync(Snapshot snapshot, List<CommitMessage> messages, CancellationToken cancellationToken)
    {
        var live = await _table.Store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false);
        var counts = new Dictionary<BinaryRowBytes, int>();
        foreach (var entry in live.Where(entry => entry.Bucket >= 0))
        {
            counts[entry.Partition] = entry.TotalBuckets;
        }

        var buckets = _table.Options.GetInt32("postpone.default-bucket-num", DefaultBuckets);
        var waiting = live.Where(entry => entry.Bucket == DataFilePaths.PostponeBucket && IsChosen(entry.Partition))
            .GroupBy(entry => entry.Partition, entry => entry.File)
            .GroupBy(files => counts.GetValueOrDefault(files.Key, buckets));
        try
        {
            foreach (var group in waiting)
            {
                messages.AddRange(
                    await RewriteAsync(snapshot.Id, group.Key, [.. group], cancellationToken).ConfigureAwait(false));
            }
        }
        catch
        {
            await _commit.AbortAsync(messages).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<IReadOnlyList<CommitMessage>> RewriteAsync(
        long snapshotId,
        int buckets,
        IReadOnlyList<IGrouping<BinaryRowBytes, DataFileMeta>> partitions,
        CancellationToken cancellationToken)
    {
        var table = _table.WithOptions(new Dictionary<string, string>
        {
            ["bucket"] = $"{buckets}",
            ["write-only"] = "false",
        });
        var writer = new TableWriter(table, _commit.CommitUser);
        await using var disposeWriter = writer.ConfigureAwait(false);
        var removed = new List<CommitMessage>();
        foreach (var partition in partitions)
        {
            var bucket = new BucketId(partition.Key, DataFilePaths.PostponeBucket);
            var files = PostponedFiles.InOrder(partition);
            var split = new Split
            {
                SnapshotId = snapshotId,
                Bucket = bucket,
                TotalBuckets = DataFilePaths.PostponeBucket,
                Files = files,
            };
            var reader = new SplitReadRequest(
                _table, _table.Schema, _table.Options, [.. Enumerable.Range(0, _table.Schema.Fields.Count)])
            {
                WithKinds = true,
            }.CreateReader();
            await foreach (var batch in reader.ReadAsync(split, cancellationToken).ConfigureAwait(false))
            {
                await writer.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            removed.Add(new CommitMessage(partition.Key, bucket.Bucket, DataFilePaths.PostponeBucket) { CompactBefore = files });
        }

        await writer.CompactBucketsAsync([.. writer.CompactedAtEnd], isFull: true, cancellationToken).ConfigureAwait(false);
        var prepared = await writer.PrepareCommitAsync(waitForCompaction: true, cancellationToken)
            .ConfigureAwait(false);
        var written = writer.HandOver(prepared);
        await DeleteRewrittenAsync(written).ConfigureAwait(false);
        return [.. written.Select(AsCompaction), .. removed];
    }

    // What was flushed and rewritten at once was never to be seen.
    private async ValueTask DeleteRewrittenAsync(IReadOnlyList<CommitMessage> messages)
    {
        foreach (var message in messages)
        {
            var gone = Names(message.CompactBefore);
            gone.ExceptWith(Names(message.CompactAfter));
            foreach (var path in message.NewFiles.Where(file => gone.Contains(file.FileName))
                .SelectMany(file => _table.Store.DataPaths.AllFiles(message.Partition, message.Bucket, file)))
            {
                await _table.Environment.FileIO.TryDeleteAsync(path).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(1102, LogLevel.Information, "{Table}: rows are brought to their buckets anew, as others were first: {Reason}")]
    private static partial void LogLost(ILogger logger, string table, string reason);
}
