using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Makes prepared files part of a table: the only moment at which anything becomes true (docs/format.md#commit). A committable
/// becomes an APPEND snapshot, a COMPACT snapshot or both, each published atomically; when another writer takes the id first,
/// the commit is tried again on top of it. One committable at a time.
/// </summary>
internal sealed class FileStoreCommit
{
    private readonly FileStore _store;
    private readonly ManifestNames _names;
    private readonly ManifestMerger _merger;
    private readonly ConflictDetector _conflicts;
    private readonly ILogger _logger;

    /// <summary>Begins to commit to a table.</summary>
    /// <param name="store">The table.</param>
    /// <param name="commitUser">One id for all commits of a writing job, the same after a restart.</param>
    public FileStoreCommit(FileStore store, string commitUser)
    {
        _store = store;
        CommitUser = commitUser;
        _names = new ManifestNames(store.Environment.Ids);
        _merger = new ManifestMerger(store.Manifests, store.Scan, store.Options);
        _conflicts = new ConflictDetector(store.Schema.PrimaryKeys.Count == 0 ? null : store.Schema.TrimmedPrimaryKeyType);
        _logger = store.Environment.LoggerFactory.CreateLogger<FileStoreCommit>();
    }

    /// <summary>The writing job's id.</summary>
    public string CommitUser { get; }

    /// <summary>False to write a snapshot even when there is nothing to commit, as a new position of a source needs.</summary>
    public bool IgnoreEmptyCommit { get; init; } = true;

    /// <summary>True to check commits of new rows against the table too, not only compactions and overwrites.</summary>
    public bool CheckAppendConflicts { get; init; }

    /// <summary>
    /// The committables that are not committed yet: those with an identifier above that of this user's newest snapshot. How a
    /// job that restarts finds out what became of its last commits.
    /// </summary>
    /// <param name="committables">Ordered by identifier.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<Committable>> FilterCommittedAsync(
        IReadOnlyList<Committable> committables, CancellationToken cancellationToken = default)
    {
        var newest = await _store.Snapshots.LatestNumberedOfUserAsync(CommitUser, cancellationToken).ConfigureAwait(false);
        if (newest is not null)
        {
            // What is taken for committed must outlive a power failure, even if the flush of its commit failed.
            await _store.Environment.FileIO.FlushDirectoryAsync(_store.Paths.SnapshotDirectory, cancellationToken)
                .ConfigureAwait(false);
        }

        return newest is null
            ? committables
            : [.. committables.Where(committable => committable.Identifier > newest.CommitIdentifier)];
    }

    /// <summary>Commits.</summary>
    /// <returns>The snapshots published, oldest first; none when there was nothing to commit.</returns>
    /// <exception cref="CommitConflictException">
    /// Another writer changed the same files first. The APPEND snapshot may have been published when the COMPACT one conflicts.
    /// </exception>
    /// <exception cref="PaimonException">
    /// Unavailable: storage failed or other writers won every attempt. It may be unknown whether the commit was published:
    /// delete no file, and ask <see cref="FilterCommittedAsync"/> before committing again.
    /// </exception>
    public async ValueTask<IReadOnlyList<Snapshot>> CommitAsync(
        Committable committable, CancellationToken cancellationToken = default)
    {
        var snapshots = new List<Snapshot>();
        var append = Changes.OfAppend(committable);
        if (!append.IsEmpty || !IgnoreEmptyCommit)
        {
            snapshots.Add(await PublishAsync(committable, append, CheckAppendConflicts, cancellationToken).ConfigureAwait(false));
        }

        var compact = Changes.OfCompact(committable);
        if (!compact.IsEmpty)
        {
            snapshots.Add(await PublishAsync(committable, compact, check: true, cancellationToken).ConfigureAwait(false));
        }

        return snapshots;
    }

    /// <summary>Removes the files of work that is given up. Never call it for work that may have been published.</summary>
    public async ValueTask AbortAsync(IReadOnlyList<CommitMessage> messages, CancellationToken cancellationToken = default)
    {
        foreach (var message in messages)
        {
            // A file that compaction moved up stands in both lists: it is live in the table and stays.
            var live = message.CompactBefore.Select(file => file.FileName).ToHashSet(StringComparer.Ordinal);
            foreach (var file in message.NewFiles
                .Concat(message.ChangelogFiles)
                .Concat(message.CompactAfter.Where(file => !live.Contains(file.FileName)))
                .Concat(message.CompactChangelog))
            {
                foreach (var path in _store.DataPaths.AllFiles(message.Partition, message.Bucket, file))
                {
                    await _store.Environment.FileIO.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private async ValueTask<Snapshot> PublishAsync(
        Committable committable, Changes changes, bool check, CancellationToken cancellationToken)
    {
        var options = _store.Options;
        var started = _store.Environment.TimeProvider.GetTimestamp();
        var waiter = new RetryWaiter(_store.Environment, options.CommitMinRetryWait, options.CommitMaxRetryWait);
        var attempt = new CommitAttempt(_store, _names, _merger, CommitUser, committable, changes);
        var uncertain = false;
        long? lookFrom = null;
        for (var tries = 0; ; tries++)
        {
            var latest = await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            if (uncertain
                && await FindPublishedAsync(committable, changes.Kind, lookFrom, latest, cancellationToken)
                    .ConfigureAwait(false) is { } published)
            {
                // Its name may be what could not be flushed: without that, a power failure would take the snapshot back.
                await _store.Environment.FileIO.FlushDirectoryAsync(_store.Paths.SnapshotDirectory, cancellationToken)
                    .ConfigureAwait(false);
                Log.AlreadyCommitted(_logger, _store.Paths.Root, committable.Identifier, changes.Kind, published.Id);
                return published;
            }

            var id = (latest?.Id + 1) ?? Snapshot.FirstId;
            if (check || changes.Kind == CommitKind.Overwrite)
            {
                await CheckAsync(attempt, latest, changes, uncertain, cancellationToken).ConfigureAwait(false);
            }

            var snapshot = await attempt.PrepareAsync(latest, cancellationToken).ConfigureAwait(false);
            lookFrom = uncertain ? lookFrom : latest?.Id;
            try
            {
                if (await _store.Environment.FileIO.TryPublishAsync(
                    _store.Paths.Snapshot(id), SnapshotJson.Write(snapshot), cancellationToken).ConfigureAwait(false))
                {
                    await PublishedAsync(snapshot, cancellationToken).ConfigureAwait(false);
                    return snapshot;
                }

                Log.CommitRaced(_logger, _store.Paths.Root, id, tries);
                await attempt.DiscardBaseAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PaimonException error) when (error.IsTransient)
            {
                Log.CommitUncertain(_logger, error, _store.Paths.Root, id);
                uncertain = true;
            }

            if (tries >= options.CommitMaxRetries
                || _store.Environment.TimeProvider.GetElapsedTime(started) > options.CommitTimeout)
            {
                throw new PaimonException(
                    ErrorKind.Unavailable,
                    $"{_store.Paths.Root}: the commit {committable.Identifier} of {CommitUser} was not published in {tries + 1}"
                    + $" attempts{(uncertain ? ", and one of them may have been after all" : string.Empty)}. Other writers or the"
                    + " storage are in the way: try again, after asking what is committed.");
            }

            await waiter.WaitAsync(tries, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CheckAsync(
        CommitAttempt attempt, Snapshot? latest, Changes changes, bool uncertain, CancellationToken cancellationToken)
    {
        try
        {
            var partitions = changes.Delta.Select(entry => entry.Partition).ToHashSet();
            var live = latest is null
                ? []
                : await _store.Scan.LiveAsync(latest, new ScanFilter { Partition = partitions.Contains }, cancellationToken)
                    .ConfigureAwait(false);
            _conflicts.Check(live, changes.Delta, changes.Kind);
        }
        catch (CommitConflictException) when (!uncertain)
        {
            await attempt.DiscardAllAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Snapshot?> FindPublishedAsync(
        Committable committable, CommitKind kind, long? after, Snapshot? latest, CancellationToken cancellationToken)
    {
        for (var id = (after ?? 0) + 1; id <= (latest?.Id ?? 0); id++)
        {
            var snapshot = await _store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (snapshot is not null
                && snapshot.CommitUser == CommitUser
                && snapshot.CommitIdentifier == committable.Identifier
                && snapshot.CommitKind == kind)
            {
                return snapshot;
            }
        }

        return null;
    }

    private async ValueTask PublishedAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        Log.SnapshotCommitted(
            _logger,
            _store.Paths.Root,
            snapshot.Id,
            snapshot.CommitKind,
            snapshot.CommitIdentifier,
            snapshot.DeltaRecordCount);
        try
        {
            await _store.Snapshots.WriteLatestHintAsync(snapshot.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (PaimonException error)
        {
            // The snapshot is there: a hint that lags costs readers a listing, an error here would look like a failed commit.
            Log.HintNotWritten(_logger, error, _store.Paths.Root, snapshot.Id);
        }
    }
}
