using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Publishes snapshots: each on top of the newest one, again and again while other writers take the id first
/// (docs/format.md#commit). One snapshot at a time.
/// </summary>
internal sealed class SnapshotPublisher
{
    private readonly FileStore _store;
    private readonly string _commitUser;
    private readonly ManifestNames _names;
    private readonly ManifestMerger _merger;
    private readonly CommitTurns _turns;
    private readonly bool _hasDeletionVectors;
    private readonly ILogger _logger;

    /// <summary>Makes a publisher.</summary>
    /// <param name="store">The table.</param>
    /// <param name="commitUser">The writing job's id.</param>
    /// <param name="names">Names for metadata files.</param>
    public SnapshotPublisher(FileStore store, string commitUser, ManifestNames names)
    {
        _store = store;
        _commitUser = commitUser;
        _names = names;
        _merger = new ManifestMerger(store.Manifests, store.Scan, store.Options);
        _turns = new CommitTurns(store.Environment, store.Paths.Root, store.Options.CommitMaxRetryWait);
        Conflicts = new ConflictDetector(store.Schema.PrimaryKeys.Count == 0 ? null : store.Schema.TrimmedPrimaryKeyType);
        _hasDeletionVectors = new TableOptions(store.Schema.Options).GetBoolean("deletion-vectors.enabled", false);
        _logger = store.Environment.LoggerFactory.CreateLogger<FileStoreCommit>();
    }

    /// <summary>Tells whether a commit fits the table.</summary>
    public ConflictDetector Conflicts { get; }

    /// <summary>Publishes a snapshot.</summary>
    /// <exception cref="CommitConflictException">It does not fit the table as it is; nothing was published.</exception>
    /// <exception cref="PaimonException">
    /// Unavailable: storage failed or other writers won every attempt; whether it was published may be unknown.
    /// </exception>
    public async ValueTask<Snapshot> PublishAsync(SnapshotDraft draft, CancellationToken cancellationToken)
    {
        var committable = draft.Committable;
        var options = _store.Options;
        var started = _store.Environment.TimeProvider.GetTimestamp();
        var waiter = new RetryWaiter(_store.Environment, options.CommitMinRetryWait, options.CommitMaxRetryWait);
        var attempt = new CommitAttempt(_store, _names, _merger, _commitUser, draft);
        var uncertain = false;
        long? lookFrom = null;
        for (var tries = 0; ; tries++)
        {
            using var turn = await _turns.TakeAsync(isContended: tries > 0, cancellationToken).ConfigureAwait(false);
            var latest = await _store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            if (uncertain
                && await FindPublishedAsync(committable, draft.Kind, lookFrom, latest, cancellationToken)
                    .ConfigureAwait(false) is { } published)
            {
                // Its name may be what could not be flushed: without that, a power failure would take the snapshot back.
                await _store.Environment.FileIO.FlushDirectoryAsync(_store.Paths.SnapshotDirectory, cancellationToken)
                    .ConfigureAwait(false);
                Log.AlreadyCommitted(_logger, _store.Paths.Root, committable.Identifier, draft.Kind, published.Id);
                return published;
            }

            var snapshot = await TryPrepareAsync(attempt, draft, latest, uncertain, cancellationToken).ConfigureAwait(false);
            if (snapshot is not null)
            {
                lookFrom = uncertain ? lookFrom : latest?.Id;
                try
                {
                    if (await _store.Environment.FileIO.TryPublishAsync(
                        _store.Paths.Snapshot(snapshot.Id), SnapshotJson.Write(snapshot), cancellationToken).ConfigureAwait(false))
                    {
                        await PublishedAsync(snapshot, cancellationToken).ConfigureAwait(false);
                        return snapshot;
                    }

                    Log.CommitRaced(_logger, _store.Paths.Root, snapshot.Id, tries);
                    await attempt.DiscardBaseAsync().ConfigureAwait(false);
                }
                catch (PaimonException error) when (error.IsTransient)
                {
                    Log.CommitUncertain(_logger, error, _store.Paths.Root, snapshot.Id);
                    uncertain = true;
                    attempt.Keep();
                }
            }

            if (tries >= options.CommitMaxRetries
                || _store.Environment.TimeProvider.GetElapsedTime(started) > options.CommitTimeout)
            {
                await attempt.DiscardAllAsync().ConfigureAwait(false);
                throw new PaimonException(
                    ErrorKind.Unavailable,
                    $"{_store.Paths.Root}: the commit {committable.Identifier} of {_commitUser} was not published in {tries + 1}"
                    + $" attempts{(uncertain ? ", and one of them may have been after all" : string.Empty)}. Other writers or the"
                    + " storage are in the way: try again, after asking what is committed.");
            }

            turn?.Dispose();
            await waiter.WaitAsync(tries, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes what the snapshot refers to; null when the newest one has expired meanwhile, so that it was not. After any other failure
    /// nothing of it is left.
    /// </summary>
    private async ValueTask<Snapshot?> TryPrepareAsync(
        CommitAttempt attempt, SnapshotDraft draft, Snapshot? latest, bool uncertain, CancellationToken cancellationToken)
    {
        try
        {
            var changes = await draft.ChangesOn(latest, cancellationToken).ConfigureAwait(false);
            await CheckAsync(draft, latest, changes, cancellationToken).ConfigureAwait(false);

            return await attempt.PrepareAsync(latest, changes, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException) when (latest is not null)
        {
            await attempt.DiscardBaseAsync().ConfigureAwait(false);
            if (!await _store.Snapshots.ExistsAsync(latest.Id, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            await attempt.DiscardAllAsync().ConfigureAwait(false);
            throw;
        }
        catch (CommitConflictException conflict)
        {
            conflict.IsUnpublished = !uncertain;
            await attempt.DiscardAllAsync().ConfigureAwait(false);
            throw;
        }
        catch
        {
            await attempt.DiscardAllAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask CheckAsync(
        SnapshotDraft draft, Snapshot? latest, Changes changes, CancellationToken cancellationToken)
    {
        if (draft.IsChecked)
        {
            var partitions = changes.Delta.Select(entry => entry.Partition).ToHashSet();
            var live = latest is null
                ? []
                : await _store.Scan.LiveAsync(latest, new ScanFilter { Partition = partitions.Contains }, cancellationToken)
                    .ConfigureAwait(false);
            Conflicts.Check(live, changes.Delta, changes.Kind);
            if (changes.Kind == CommitKind.Compact)
            {
                ConflictDetector.CheckKnownFiles(live, draft.Committable.Messages);
            }
        }

        var hasKeys = draft.Committable.NeedsKeyIndex && changes is { Kind: CommitKind.Append, Delta.Count: > 0 };
        if ((changes.Kind is CommitKind.Compact or CommitKind.Append && changes.Index.Count > 0)
            || (changes.Kind == CommitKind.Compact && _hasDeletionVectors)
            || hasKeys)
        {
            var index = latest is null
                ? []
                : await _store.IndexEntriesAsync(latest, cancellationToken).ConfigureAwait(false);
            IndexChanges.Check(index, changes.Index);
            if (hasKeys)
            {
                IndexChanges.CheckKnown(index, draft.Committable.Messages);
                IndexChanges.CheckKeys(index, changes.Index, changes.Delta);
            }

            if (changes.Kind == CommitKind.Compact)
            {
                IndexChanges.CheckRewritten(index, changes.Index, changes.Delta);
            }
        }
    }

    private async ValueTask<Snapshot?> FindPublishedAsync(
        Committable committable, CommitKind kind, long? after, Snapshot? latest, CancellationToken cancellationToken)
    {
        var isGone = false;
        for (var id = (after ?? 0) + 1; id <= (latest?.Id ?? 0); id++)
        {
            var snapshot = await _store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false);
            isGone |= snapshot is null;
            if (snapshot is not null
                && snapshot.CommitUser == _commitUser
                && snapshot.CommitIdentifier == committable.Identifier
                && snapshot.CommitKind == kind)
            {
                return snapshot;
            }
        }

        // Made again, a commit that has expired would be in the table twice; taken for lost, its files would be removed.
        return isGone
            ? throw new PaimonException(
                ErrorKind.Unavailable,
                $"{_store.Paths.Root}: whether the commit {committable.Identifier} of {_commitUser} was published is not known, as the"
                + " storage failed and snapshots have expired since. Keep more of them: 'snapshot.num-retained.min'.")
            : null;
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
