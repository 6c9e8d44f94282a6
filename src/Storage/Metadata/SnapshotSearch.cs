namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Finds snapshots by what they hold, with the same result as Paimon where several would do. Snapshots are looked up by
/// bisection, as times and watermarks never fall.
/// </summary>
internal static class SnapshotSearch
{
    /// <summary>A snapshot whose watermark is the wanted one or the next above it; null when all are below.</summary>
    public static async ValueTask<Snapshot?> LaterOrEqualWatermarkAsync(
        this SnapshotManager snapshots, long watermark, CancellationToken cancellationToken = default)
    {
        if (await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false) is not { } latest
            || await snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false) is not { } earliest)
        {
            return null;
        }

        // Snapshots before the first watermark have none; after it every snapshot has one.
        while (earliest.Watermark is null && earliest.Id < latest.Id)
        {
            earliest = await snapshots.ReadAsync(earliest.Id + 1, cancellationToken).ConfigureAwait(false);
        }

        if (earliest.Watermark is null || earliest.Watermark >= watermark)
        {
            return earliest.Watermark is null ? null : earliest;
        }

        var (low, high) = (earliest.Id, latest.Id);
        Snapshot? found = null;
        while (low <= high)
        {
            var snapshot = await snapshots.ReadAsync(low + ((high - low) / 2), cancellationToken).ConfigureAwait(false);
            if (snapshot.Watermark == watermark)
            {
                return snapshot;
            }

            if (snapshot.Watermark is null || snapshot.Watermark < watermark)
            {
                low = snapshot.Id + 1;
            }
            else
            {
                found = snapshot;
                high = snapshot.Id - 1;
            }
        }

        return found;
    }

    /// <summary>The newest snapshot that a test accepts, else the newest one; null when there is none.</summary>
    public static async ValueTask<Snapshot?> NewestOrLatestAsync(
        this SnapshotManager snapshots, Predicate<Snapshot> accept, CancellationToken cancellationToken = default) =>
        await snapshots.FindNewestAsync(accept, cancellationToken).ConfigureAwait(false)
        ?? await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The id of the newest snapshot that is older than a time.</summary>
    /// <param name="snapshots">The table's snapshots.</param>
    /// <param name="timeMillis">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="withChangelogs">True to look among changelogs that outlive their snapshots too.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The id before the oldest one when none is older; null when there is no snapshot.</returns>
    public static async ValueTask<long?> EarlierThanTimeAsync(
        this SnapshotManager snapshots, long timeMillis, bool withChangelogs, CancellationToken cancellationToken = default)
    {
        var latest = await snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        var earliest = withChangelogs
            ? await snapshots.EarliestChangesIdAsync(cancellationToken).ConfigureAwait(false)
            : (await snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false))?.Id;
        if (latest is null || earliest is null)
        {
            return null;
        }

        var (low, high) = (earliest.Value - 1, latest.Value);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var snapshot = (withChangelogs
                    ? await snapshots.TryReadChangelogAsync(middle, cancellationToken).ConfigureAwait(false) : null)
                ?? await snapshots.ReadAsync(middle, cancellationToken).ConfigureAwait(false);
            if (snapshot.TimeMillis < timeMillis)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
