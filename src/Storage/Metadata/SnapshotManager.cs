using System.Globalization;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Finds and reads the snapshots of a table. Hints only save a listing: a stale or missing one changes nothing
/// (docs/format.md#snapshot-discovery). Safe for several threads.
/// </summary>
internal sealed class SnapshotManager
{
    /// <summary>How far a reader of the oldest snapshot follows an expiry that runs at the same time.</summary>
    private const int MaxEarliestSteps = 300;

    private readonly IFileIO _fileIO;
    private readonly TablePaths _paths;

    /// <summary>Looks at a table.</summary>
    public SnapshotManager(IFileIO fileIO, TablePaths paths)
    {
        _fileIO = fileIO;
        _paths = paths;
    }

    /// <summary>The newest snapshot's id, null when there is none.</summary>
    public async ValueTask<long?> LatestIdAsync(CancellationToken cancellationToken = default)
    {
        var hint = await ReadHintAsync(_paths.LatestHint, cancellationToken).ConfigureAwait(false);
        if (hint > 0
            && !await ExistsAsync(hint.Value + 1, cancellationToken).ConfigureAwait(false)
            && await ExistsAsync(hint.Value, cancellationToken).ConfigureAwait(false))
        {
            return hint;
        }

        // No hint, or one that lags or names a snapshot that is gone (expired, rolled back): the listing decides.
        var ids = await ListIdsAsync(cancellationToken).ConfigureAwait(false);
        return ids.Count == 0 ? null : ids[^1];
    }

    /// <summary>The oldest snapshot's id, null when there is none.</summary>
    public async ValueTask<long?> EarliestIdAsync(CancellationToken cancellationToken = default)
    {
        var hint = await ReadHintAsync(_paths.EarliestHint, cancellationToken).ConfigureAwait(false);
        if (hint > 0 && await ExistsAsync(hint.Value, cancellationToken).ConfigureAwait(false))
        {
            return hint;
        }

        var ids = await ListIdsAsync(cancellationToken).ConfigureAwait(false);
        return ids.Count == 0 ? null : ids[0];
    }

    /// <summary>The newest snapshot, null when there is none.</summary>
    public async ValueTask<Snapshot?> LatestAsync(CancellationToken cancellationToken = default)
    {
        var id = await LatestIdAsync(cancellationToken).ConfigureAwait(false);
        if (id is null)
        {
            return null;
        }

        var snapshot = await TryReadAsync(id.Value, cancellationToken).ConfigureAwait(false);
        if (snapshot is not null)
        {
            return snapshot;
        }

        // The snapshot has gone since it was found: the listing decides.
        var ids = await ListIdsAsync(cancellationToken).ConfigureAwait(false);
        return ids.Count == 0 ? null : await ReadAsync(ids[^1], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// True when a snapshot is the newest one still: none follows, and what is there under its id is it and no other, as may
    /// come after a rollback.
    /// </summary>
    /// <param name="snapshot">A snapshot that was the newest.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<bool> IsLatestAsync(Snapshot snapshot, CancellationToken cancellationToken) =>
        !await ExistsAsync(snapshot.Id + 1, cancellationToken).ConfigureAwait(false)
        && await TryReadAsync(snapshot.Id, cancellationToken).ConfigureAwait(false) is { } now
        && now.BaseManifestList == snapshot.BaseManifestList
        && now.DeltaManifestList == snapshot.DeltaManifestList;

    /// <summary>The oldest snapshot that is still there while others may be expiring; null when there is none.</summary>
    public async ValueTask<Snapshot?> EarliestAsync(CancellationToken cancellationToken = default)
    {
        var earliest = await EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        for (var step = 0; earliest is not null && step < MaxEarliestSteps; step++)
        {
            var snapshot = await TryReadAsync(earliest.Value + step, cancellationToken).ConfigureAwait(false);
            if (snapshot is not null)
            {
                return snapshot;
            }
        }

        return null;
    }

    /// <summary>True when a snapshot's file is there.</summary>
    public ValueTask<bool> ExistsAsync(long id, CancellationToken cancellationToken = default) =>
        _fileIO.ExistsAsync(_paths.Snapshot(id), cancellationToken);

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="FileMissingException">It is not there: expired, or not yet committed.</exception>
    public async ValueTask<Snapshot> ReadAsync(long id, CancellationToken cancellationToken = default) =>
        await TryReadAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new FileMissingException(_paths.Snapshot(id));

    /// <summary>Reads a snapshot, null when it is not there.</summary>
    public async ValueTask<Snapshot?> TryReadAsync(long id, CancellationToken cancellationToken = default)
    {
        var path = _paths.Snapshot(id);
        var bytes = await SmallFiles.TryReadAsync(_fileIO, path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : SnapshotJson.Read(bytes, path);
    }

    /// <summary>Reads the changelog that outlives a snapshot, null when there is none (docs/format.md#snapshot).</summary>
    public async ValueTask<Snapshot?> TryReadChangelogAsync(long id, CancellationToken cancellationToken = default)
    {
        var path = _paths.Changelog(id);
        var bytes = await SmallFiles.TryReadAsync(_fileIO, path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : SnapshotJson.Read(bytes, path);
    }

    /// <summary>The oldest id whose changes are still there, as a changelog or as a snapshot; null when there is none.</summary>
    public async ValueTask<long?> EarliestChangesIdAsync(CancellationToken cancellationToken = default)
    {
        var changelogs = await ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false);
        return changelogs.Count > 0 ? changelogs[0] : await EarliestIdAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ids of all changelogs that outlive their snapshots, smallest first.</summary>
    public async ValueTask<IReadOnlyList<long>> ListChangelogIdsAsync(CancellationToken cancellationToken = default)
    {
        var ids = await SmallFiles.ListIdsAsync(
            _fileIO, _paths.ChangelogDirectory, TablePaths.ChangelogPrefix, cancellationToken).ConfigureAwait(false);
        ids.Sort();
        return ids;
    }

    /// <summary>The ids of all snapshots, smallest first.</summary>
    public async ValueTask<IReadOnlyList<long>> ListIdsAsync(CancellationToken cancellationToken = default)
    {
        var ids = await SmallFiles.ListIdsAsync(
            _fileIO, _paths.SnapshotDirectory, TablePaths.SnapshotPrefix, cancellationToken).ConfigureAwait(false);
        ids.Sort();
        return ids;
    }

    /// <summary>
    /// The newest snapshot of a commit user, null when none is left. ANALYZE snapshots, which carry an identifier of their
    /// own, are passed over.
    /// </summary>
    public ValueTask<Snapshot?> LatestOfUserAsync(string commitUser, CancellationToken cancellationToken = default) =>
        FindNewestAsync(
            snapshot => snapshot.CommitUser == commitUser && snapshot.CommitKind != CommitKind.Analyze, cancellationToken);

    /// <summary>
    /// The newest snapshot of a commit user that counts among its numbered commits, null when none is left: batch commits, all
    /// numbered <see cref="long.MaxValue"/>, are passed over, as the next number does not follow theirs.
    /// </summary>
    public ValueTask<Snapshot?> LatestNumberedOfUserAsync(string commitUser, CancellationToken cancellationToken = default) =>
        FindNewestAsync(
            snapshot => snapshot.CommitUser == commitUser
                && snapshot.CommitKind != CommitKind.Analyze
                && snapshot.CommitIdentifier != long.MaxValue,
            cancellationToken);

    /// <summary>The newest snapshot that a test accepts, null when there is none.</summary>
    public async ValueTask<Snapshot?> FindNewestAsync(
        Predicate<Snapshot> accept, CancellationToken cancellationToken = default)
    {
        var latest = await LatestIdAsync(cancellationToken).ConfigureAwait(false);
        var earliest = await EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        for (var id = latest ?? 0; id >= (earliest ?? Snapshot.FirstId); id--)
        {
            var snapshot = await TryReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (snapshot is null && id < latest)
            {
                // Expired since the oldest id was read: everything before it is gone too.
                return null;
            }

            if (snapshot is not null && accept(snapshot))
            {
                return snapshot;
            }
        }

        return null;
    }

    /// <summary>The newest snapshot committed at a time or before it, null when all are younger.</summary>
    /// <param name="timeMillis">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<Snapshot?> EarlierOrEqualTimeAsync(
        long timeMillis, CancellationToken cancellationToken = default)
    {
        var low = await EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        var high = await LatestIdAsync(cancellationToken).ConfigureAwait(false);
        Snapshot? found = null;
        while (low is not null && high is not null && low <= high)
        {
            var middle = low.Value + ((high.Value - low.Value) / 2);
            var snapshot = await ReadAsync(middle, cancellationToken).ConfigureAwait(false);
            if (snapshot.TimeMillis <= timeMillis)
            {
                found = snapshot;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return found;
    }

    /// <summary>Writes the hint of the newest snapshot.</summary>
    public ValueTask WriteLatestHintAsync(long id, CancellationToken cancellationToken = default) =>
        WriteNewestAsync(_paths.LatestHint, id, _paths.Snapshot, ListIdsAsync, cancellationToken);

    /// <summary>Writes the hint of the oldest snapshot, once those before it are gone.</summary>
    public ValueTask WriteEarliestHintAsync(long id, CancellationToken cancellationToken = default) =>
        WriteOldestAsync(_paths.EarliestHint, id, _paths.Snapshot, ListIdsAsync, cancellationToken);

    /// <summary>Writes the hint of the newest changelog that outlives its snapshot, -1 for none.</summary>
    public ValueTask WriteLatestChangelogHintAsync(long id, CancellationToken cancellationToken = default) =>
        WriteNewestAsync(_paths.LatestChangelogHint, id, _paths.Changelog, ListChangelogIdsAsync, cancellationToken);

    /// <summary>Writes the hint of the oldest changelog that outlives its snapshot, once those before it are gone.</summary>
    public ValueTask WriteEarliestChangelogHintAsync(long id, CancellationToken cancellationToken = default) =>
        WriteOldestAsync(_paths.EarliestChangelogHint, id, _paths.Changelog, ListChangelogIdsAsync, cancellationToken);

    // Who adds the next one writes the hint after that: when it is there by now, this may have overwritten its hint.
    private async ValueTask WriteNewestAsync(
        string hint,
        long id,
        Func<long, string> path,
        Func<CancellationToken, ValueTask<IReadOnlyList<long>>> list,
        CancellationToken cancellationToken)
    {
        await WriteHintAsync(hint, id, cancellationToken).ConfigureAwait(false);
        while (id > 0
            && await _fileIO.ExistsAsync(path(id + 1), cancellationToken).ConfigureAwait(false)
            && await list(cancellationToken).ConfigureAwait(false) is [.., var newest])
        {
            id = newest;
            await WriteHintAsync(hint, id, cancellationToken).ConfigureAwait(false);
        }
    }

    // Who removes one writes the hint after that: when it is gone by now, this may have overwritten the hint of the next.
    private async ValueTask WriteOldestAsync(
        string hint,
        long id,
        Func<long, string> path,
        Func<CancellationToken, ValueTask<IReadOnlyList<long>>> list,
        CancellationToken cancellationToken)
    {
        await WriteHintAsync(hint, id, cancellationToken).ConfigureAwait(false);
        while (!await _fileIO.ExistsAsync(path(id), cancellationToken).ConfigureAwait(false)
            && await list(cancellationToken).ConfigureAwait(false) is [var oldest, ..]
            && oldest != id)
        {
            id = oldest;
            await WriteHintAsync(hint, id, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask WriteHintAsync(string path, long id, CancellationToken cancellationToken) =>
        _fileIO.ReplaceAsync(path, Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    private async ValueTask<long?> ReadHintAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await SmallFiles.TryReadAsync(_fileIO, path, cancellationToken).ConfigureAwait(false);
            return bytes is not null && long.TryParse(Encoding.ASCII.GetString(bytes), out var id) ? id : null;
        }
        catch (PaimonException)
        {
            // A hint that cannot be read is no hint.
            return null;
        }
    }
}
