using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lookup;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Merges what buckets have above level 0 beside a writer that compacts them all the time, in tables with deletion vectors
/// (docs/format.md#compact-job). Level 0 is left to the writer, whose compactions delete rows of the files that are being merged:
/// such a row is looked up in the merged files at the commit, and deleted there. One thread.
/// </summary>
/// <param name="table">The table, opened to compact.</param>
/// <param name="commitUser">Who commits.</param>
internal sealed class RacingCompaction(Table table, string commitUser) : IAsyncDisposable
{
    private const int CommitAttempts = 20;
    private const int WindowRows = 8192;

    private readonly FileStoreCommit _commit = table.Store.NewCommit(commitUser);
    private readonly KeyValueWriteContext _context = new(table.Environment, table.Schema, table.Options);
    private readonly RecordExpiry? _expiry = RecordExpiry.Create(table.Schema, table.Options, table.Environment.TimeProvider);
    private readonly bool _is64Bit = table.Options.GetBoolean("deletion-vectors.bitmap64", false);
    private readonly Lazy<LookupStore> _lookups =
        new(() => new LookupStore(table.Environment, LookupOptions.Of(table.Options)));

    /// <summary>Merges files of a bucket above level 0 to the highest level.</summary>
    /// <param name="id">The bucket.</param>
    /// <param name="attempt">
    /// 0 to merge all of them, 1 to leave the newer half of the runs to the writer too, as it replaces these most often, and so on.
    /// </param>
    /// <param name="cancellationToken">Gives up, but for a commit that has begun; no file is left behind.</param>
    /// <returns>What was merged; nothing where there was no reason to; null when others replaced the files meanwhile.</returns>
    public async ValueTask<CompactResult?> RunAsync(BucketId id, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await CompactAsync(id, attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException missing)
        {
            var live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
            if (live.Contains(id, missing.Path[(missing.Path.LastIndexOf('/') + 1)..]))
            {
                throw;
            }

            return null;
        }
    }

    private async ValueTask<CompactResult?> CompactAsync(BucketId id, int attempt, CancellationToken cancellationToken)
    {
        var live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
        var runs = FilesOf(live, id).Where(static file => file.Level > 0).GroupBy(file => file.Level).OrderBy(run => run.Key).ToList();
        var files = runs.TakeLast(Math.Max(1, runs.Count >> attempt)).SelectMany(run => run).ToList();
        var place = table.BucketOf(id);
        place = place with { Readers = place.Readers.WithExpiry(_expiry) };
        await place.Readers.PrepareAsync(files, cancellationToken).ConfigureAwait(false);
        var levels = new Levels(files, _context.KeyType, CompactStrategies.LevelCount(table.Options));
        var vectors = VectorsOf(live, id);
        var rewriters = new BucketRewriters(_context, place, vectors, _lookups);
        var full = new FullCompaction(
            table.Options, file => rewriters.HasDeletedRows(file) || place.Readers.HasExpiredRows(file));
        if (full.Pick(levels) is not { IsDone: false } unit)
        {
            return new CompactResult([], []);
        }

        var task = new CompactTask(_context, place, rewriters.Open(_context, levels), levels, unit)
        {
            HasExpiredRows = place.Readers.HasExpiredRows,
        };
        var result = await task.RunAsync(cancellationToken).ConfigureAwait(false);
        if (result.DeletionVectors is { } unused)
        {
            await table.Environment.FileIO.TryDeleteAsync(place.IndexPaths.File(unused)).ConfigureAwait(false);
        }

        return result.Before.Count == 0 || await CommitAsync(place, result, vectors, cancellationToken).ConfigureAwait(false)
            ? result
            : null;
    }

    /// <summary>Removes local files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lookups.IsValueCreated)
        {
            await _lookups.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IndexManifestEntry? VectorsOf(LiveBuckets live, BucketId id) =>
        live.IndexFilesOf(id).FirstOrDefault(file => file.IndexType == IndexManifestEntry.DeletionVectorsIndex);

    private static IReadOnlyList<DataFileMeta> FilesOf(LiveBuckets live, BucketId id) =>
        live.FilesOf(id, live.TotalOf(id.Partition) ?? 0);

    private async ValueTask<bool> CommitAsync(
        BucketFiles place, CompactResult result, IndexManifestEntry? vectors, CancellationToken cancellationToken)
    {
        var kept = result.Before.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);
        DataFileMeta[] merged = [.. result.After.Where(file => !kept.Contains(file.FileName))];
        var levels = new Levels(merged, _context.KeyType, CompactStrategies.LevelCount(table.Options));
        var lookup = new LookupLevels(
            _lookups.Value, table.Schema, place.Readers, place.Directory, levels, hasRows: false);
        var message = new CommitMessage(place.Id.Partition, place.Id.Bucket, 0)
        {
            CompactBefore = result.Before,
            CompactAfter = result.After,
            CompactChangelog = result.Changelog,
        };
        for (var attempt = 0; attempt < CommitAttempts; attempt++)
        {
            CommitMessage? rebased;
            try
            {
                rebased = await RebaseAsync(place, message, vectors, lookup, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await _commit.AbortAsync([message]).ConfigureAwait(false);
                throw;
            }

            if (rebased is null)
            {
                break;
            }

            try
            {
                // Stopped in the middle of it, nobody would know whose the files are.
                await _commit.CommitAsync(new Committable(long.MaxValue, [rebased]), CancellationToken.None).ConfigureAwait(false);
                return true;
            }
            catch (CommitConflictException)
            {
                foreach (var index in rebased.CompactNewIndexFiles)
                {
                    await table.Environment.FileIO.TryDeleteAsync(place.IndexPaths.File(index)).ConfigureAwait(false);
                }
            }
        }

        await _commit.AbortAsync([message]).ConfigureAwait(false);
        return false;
    }

    /// <summary>Brings the rows that were deleted since the merge began to its result; null when its files are not there any more.</summary>
    private async ValueTask<CommitMessage?> RebaseAsync(
        BucketFiles place,
        CommitMessage message,
        IndexManifestEntry? vectors,
        LookupLevels lookup,
        CancellationToken cancellationToken)
    {
        var live = await LiveBuckets.ReadAsync(table.Store, cancellationToken).ConfigureAwait(false);
        var files = FilesOf(live, place.Id).Select(file => (file.FileName, file.Level)).ToHashSet();
        if (!message.CompactBefore.All(file => files.Contains((file.FileName, file.Level))))
        {
            return null;
        }

        var known = VectorsOf(live, place.Id);
        var before = new BucketDeletions(table.Environment.FileIO, place, _context.IndexNames, _is64Bit, vectors);
        await before.LoadAsync(cancellationToken).ConfigureAwait(false);
        var now = new BucketDeletions(table.Environment.FileIO, place, _context.IndexNames, _is64Bit, known);
        await now.LoadAsync(cancellationToken).ConfigureAwait(false);
        var kept = message.CompactAfter.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in message.CompactBefore.Where(file => !kept.Contains(file.FileName)))
        {
            if (now.Of(file.FileName) is { } deleted)
            {
                if (ButNewOnes(deleted, before.Of(file.FileName), file.RowCount) is { } others)
                {
                    var readers = place.Readers.WithDeletions(_ => others);
                    await DeleteAsync(readers, file, lookup, now, cancellationToken).ConfigureAwait(false);
                }

                now.Remove(file.FileName);
            }
        }

        var index = await now.WriteAsync(cancellationToken).ConfigureAwait(false);
        return message with
        {
            TotalBuckets = live.TotalOf(place.Id.Partition) ?? 0,
            CompactNewIndexFiles = index is null ? [] : [index],
            CompactDeletedIndexFiles = index is null || known is null ? [] : [known],
        };
    }

    /// <summary>Deletes the merged rows that have the keys of the rows of a file.</summary>
    private async ValueTask DeleteAsync(
        KeyValueFileReaderFactory readers,
        DataFileMeta file,
        LookupLevels lookup,
        BucketDeletions deletions,
        CancellationToken cancellationToken)
    {
        var reader = await readers.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using var disposeReader = reader.ConfigureAwait(false);
        var columns = BinaryRows.CreateColumns(_context.KeyType);
        var keys = lookup.Encoder.CreateKeys();
        var found = lookup.CreateRows();
        int rows;
        while ((rows = await reader.ReadAsync(_context.KeyType, columns, null, null, WindowRows, cancellationToken)
            .ConfigureAwait(false)) > 0)
        {
            keys.Clear();
            lookup.Encoder.Encode(columns, 0, rows, keys);
            await lookup.LookupAsync(keys, fromLevel: 1, found, cancellationToken).ConfigureAwait(false);
            for (var row = 0; row < found.Count; row++)
            {
                deletions.Delete(found.FileOf(row).FileName, found.PositionOf(row));
            }

            foreach (var column in columns)
            {
                column.Clear();
            }
        }
    }

    /// <summary>A vector of all rows but those that were deleted since another one; null when there are none.</summary>
    private static DeletionVector? ButNewOnes(DeletionVector deleted, DeletionVector? before, long rowCount)
    {
        const long PartRows = 1L << 32;
        var parts = new List<RoaringBitmap>();
        var isAny = false;
        for (var part = 0; part * PartRows < rowCount; part++)
        {
            var all = RoaringBitmap.OfRange(0, Math.Min(PartRows, rowCount - (part * PartRows)));
            if (part < deleted.Parts.Count)
            {
                var newly = before is null || part >= before.Parts.Count
                    ? deleted.Parts[part]
                    : RoaringBitmap.AndNot(deleted.Parts[part], before.Parts[part]);
                isAny |= !newly.IsEmpty;
                all = RoaringBitmap.AndNot(all, newly);
            }

            parts.Add(all);
        }

        return isAny ? DeletionVector.Of(parts, is64Bit: true) : null;
    }
}
