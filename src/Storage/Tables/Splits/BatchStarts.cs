using System.Globalization;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Finds what a batch reads from its <see cref="StartupOptions"/> (docs/format.md#scan-options).</summary>
internal static class BatchStarts
{
    private const string WatermarkPrefix = "watermark-";

    /// <summary>Finds it.</summary>
    /// <exception cref="PaimonException">Invalid: what was asked for is not there (any more), or makes no sense.</exception>
    public static async ValueTask<BatchStart> FindAsync(
        FileStore store, TableOptions options, StartupOptions startup, CancellationToken cancellationToken)
    {
        var snapshots = store.Snapshots;
        switch (startup.Mode)
        {
            case StartupMode.CompactedFull:
                return StateOf(await CompactedAsync(snapshots, options, cancellationToken).ConfigureAwait(false));
            case StartupMode.FromTimestamp:
                return new BatchStart.State(
                    await AtTimeAsync(store, startup.TimestampMillis!.Value, cancellationToken).ConfigureAwait(false), IsTravel: true);
            case StartupMode.FromSnapshot or StartupMode.FromSnapshotFull:
                return new BatchStart.State(await NamedAsync(store, startup, cancellationToken).ConfigureAwait(false), IsTravel: true);
            case StartupMode.FromFileCreationTime:
                return StateOf(
                    await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false), startup.CreationTimeMillis);
            case StartupMode.FromCreationTimestamp:
                return await CreatedSinceAsync(store, options, startup.CreationTimeMillis!.Value, cancellationToken)
                    .ConfigureAwait(false);
            case StartupMode.Incremental:
                return await IncrementalStarts.FindAsync(store, options, startup, cancellationToken).ConfigureAwait(false);
            default:
                return StateOf(await snapshots.LatestAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>The newest snapshot of a compaction, of a full one where these are scheduled; else the newest snapshot.</summary>
    public static ValueTask<Snapshot?> CompactedAsync(
        SnapshotManager snapshots, TableOptions options, CancellationToken cancellationToken)
    {
        var deltaCommits = options.GetInt32("full-compaction.delta-commits")
            ?? (options.GetName("changelog-producer") == "full-compaction" ? 1 : null);
        return snapshots.NewestOrLatestAsync(
            snapshot => snapshot.CommitKind == CommitKind.Compact
                && (deltaCommits is null
                    || snapshot.CommitIdentifier == long.MaxValue
                    || snapshot.CommitIdentifier % Math.Max(1, deltaCommits.Value) == 0),
            cancellationToken);
    }

    /// <summary>The snapshot of an id, tag, watermark or version.</summary>
    public static async ValueTask<Snapshot> NamedAsync(FileStore store, StartupOptions startup, CancellationToken cancellationToken)
    {
        if (startup.SnapshotId is { } id)
        {
            return await OfIdAsync(store, id, cancellationToken).ConfigureAwait(false);
        }

        if (startup.Watermark is { } watermark)
        {
            return await AtWatermarkAsync(store, watermark, cancellationToken).ConfigureAwait(false);
        }

        return startup.Tag is { } tag
            ? (await store.Tags.ReadAsync(tag, cancellationToken).ConfigureAwait(false)).Snapshot
            : await OfVersionAsync(store, startup.Version!, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<Snapshot> OfVersionAsync(FileStore store, string version, CancellationToken cancellationToken)
    {
        if (await store.Tags.TryReadAsync(version, cancellationToken).ConfigureAwait(false) is { } tagged)
        {
            return tagged.Snapshot;
        }

        if (version.StartsWith(WatermarkPrefix, StringComparison.Ordinal)
            && long.TryParse(version.AsSpan(WatermarkPrefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var watermark))
        {
            return await AtWatermarkAsync(store, watermark, cancellationToken).ConfigureAwait(false);
        }

        return long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await OfIdAsync(store, id, cancellationToken).ConfigureAwait(false)
            : throw new PaimonException(
                ErrorKind.Invalid,
                $"{store.Paths.Root} has no version '{version}': there is no such tag, and it is neither 'watermark-' and a number "
                + "nor the id of a snapshot.");
    }

    /// <summary>The snapshot of an id.</summary>
    /// <exception cref="PaimonException">Invalid: it is not there.</exception>
    public static async ValueTask<Snapshot> OfIdAsync(FileStore store, long id, CancellationToken cancellationToken)
    {
        if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            return snapshot;
        }

        var earliest = await store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        throw new PaimonException(
            ErrorKind.Invalid,
            $"{store.Paths.Root} has no snapshot {id}"
            + (earliest is null ? ": it has none at all." : $"; snapshots {earliest} to {latest} are there."));
    }

    private static async ValueTask<Snapshot> AtWatermarkAsync(FileStore store, long watermark, CancellationToken cancellationToken) =>
        await store.Snapshots.LaterOrEqualWatermarkAsync(watermark, cancellationToken).ConfigureAwait(false)
        ?? throw new PaimonException(
            ErrorKind.Invalid, $"{store.Paths.Root} has no snapshot whose watermark is {watermark} or later.");

    private static async ValueTask<Snapshot> AtTimeAsync(FileStore store, long timeMillis, CancellationToken cancellationToken)
    {
        if (await store.Snapshots.EarlierOrEqualTimeAsync(timeMillis, cancellationToken).ConfigureAwait(false) is { } snapshot)
        {
            return snapshot;
        }

        var earliest = await store.Snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false);
        throw new PaimonException(
            ErrorKind.Invalid,
            $"{store.Paths.Root} has no snapshot of time {timeMillis} or before"
            + (earliest is null ? ": it has none at all." : $"; the oldest one, {earliest.Id}, is of {earliest.TimeMillis}."));
    }

    private static async ValueTask<BatchStart> CreatedSinceAsync(
        FileStore store, TableOptions options, long timeMillis, CancellationToken cancellationToken)
    {
        var withChangelogs = SnapshotRetention.From(options).AreChangelogsKeptLonger;
        var before = await store.Snapshots.EarlierThanTimeAsync(timeMillis, withChangelogs, cancellationToken).ConfigureAwait(false);
        var earliest = withChangelogs
            ? await store.Snapshots.EarliestChangesIdAsync(cancellationToken).ConfigureAwait(false)
            : await store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        if (before >= earliest
            && await store.Snapshots.TryReadAsync(before.Value + 1, cancellationToken).ConfigureAwait(false) is { } next)
        {
            return StateOf(next);
        }

        return StateOf(await store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false), timeMillis);
    }

    private static BatchStart StateOf(Snapshot? snapshot, long? createdSinceMillis = null) =>
        snapshot is null ? new BatchStart.Nothing() : new BatchStart.State(snapshot, IsTravel: false, createdSinceMillis);
}
