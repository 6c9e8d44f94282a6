using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Joins the manifests of the newest snapshot into as few as possible: a COMPACT snapshot without files of its own
/// (docs/format.md#manifest-merging). For one thread.
/// </summary>
/// <param name="store">The table.</param>
/// <param name="commitUser">Who commits.</param>
/// <param name="names">Names for metadata files.</param>
internal sealed class ManifestCompaction(FileStore store, string commitUser, ManifestNames names)
{
    private readonly ManifestMerger _merger = new(
        store.Manifests,
        store.Scan,
        store.Options with { ManifestMergeMinCount = 1, ManifestFullCompactionSizeBytes = 1 });

    /// <summary>Compacts; while other writers take the id first, on top of theirs.</summary>
    /// <returns>The snapshot; null when there was nothing to join.</returns>
    /// <exception cref="PaimonException">Unavailable: storage failed or other writers won every attempt.</exception>
    public async ValueTask<Snapshot?> RunAsync(CancellationToken cancellationToken)
    {
        var waiter = new RetryWaiter(store.Environment, store.Options.CommitMinRetryWait, store.Options.CommitMaxRetryWait);
        for (var tries = 0; tries <= store.Options.CommitMaxRetries; tries++)
        {
            var latest = await store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            if (latest is null)
            {
                return null;
            }

            try
            {
                var (isDone, snapshot) = await TryAsync(latest, cancellationToken).ConfigureAwait(false);
                if (isDone)
                {
                    return snapshot;
                }
            }
            catch (FileMissingException)
            {
                // The newest snapshot never expires: there is a newer one, or the table is damaged.
                if (await store.Snapshots.ExistsAsync(latest.Id, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }

            await waiter.WaitAsync(tries, cancellationToken).ConfigureAwait(false);
        }

        throw new PaimonException(
            ErrorKind.Unavailable,
            $"{store.Paths.Root}: the manifests were not compacted in {store.Options.CommitMaxRetries + 1} attempts, as other"
            + " writers committed first. Try again.");
    }

    /// <summary>Tries once; not done when another writer was first.</summary>
    private async ValueTask<(bool IsDone, Snapshot? Snapshot)> TryAsync(Snapshot latest, CancellationToken cancellationToken)
    {
        var before = await store.ManifestLists.ReadAllAsync(latest, cancellationToken).ConfigureAwait(false);
        var after = await _merger.MergeAsync(before, names, cancellationToken).ConfigureAwait(false);
        var known = before.Select(meta => meta.FileName).ToHashSet(StringComparer.Ordinal);
        if (after.Count == known.Count && after.All(meta => known.Contains(meta.FileName)))
        {
            return (true, null);
        }

        var snapshot = await PrepareAsync(latest, after, cancellationToken).ConfigureAwait(false);
        if (await store.Environment.FileIO.TryPublishAsync(
            store.Paths.Snapshot(snapshot.Id), SnapshotJson.Write(snapshot), cancellationToken).ConfigureAwait(false))
        {
            await store.Snapshots.WriteLatestHintAsync(snapshot.Id, cancellationToken).ConfigureAwait(false);
            return (true, snapshot);
        }

        string[] own = [snapshot.BaseManifestList, snapshot.DeltaManifestList];
        foreach (var name in after.Select(meta => meta.FileName).Where(name => !known.Contains(name)).Concat(own))
        {
            await store.Environment.FileIO.TryDeleteAsync(store.Paths.Manifest(name)).ConfigureAwait(false);
        }

        return (false, null);
    }

    private async ValueTask<Snapshot> PrepareAsync(
        Snapshot latest, IReadOnlyList<ManifestFileMeta> manifests, CancellationToken cancellationToken)
    {
        var (baseName, baseSize) = await store.ManifestLists.WriteAsync(manifests, names, cancellationToken)
            .ConfigureAwait(false);
        var (deltaName, deltaSize) = await store.ManifestLists.WriteAsync([], names, cancellationToken).ConfigureAwait(false);
        return latest with
        {
            Version = Snapshot.CurrentVersion,
            Id = latest.Id + 1,
            BaseManifestList = baseName,
            BaseManifestListSize = baseSize,
            DeltaManifestList = deltaName,
            DeltaManifestListSize = deltaSize,
            ChangelogManifestList = null,
            ChangelogManifestListSize = null,
            ChangelogRecordCount = null,
            CommitUser = commitUser,
            CommitIdentifier = long.MaxValue,
            CommitKind = CommitKind.Compact,
            TimeMillis = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            DeltaRecordCount = 0,

            // A position in a source is that of the user who committed it.
            Properties = latest.CommitUser == commitUser ? latest.Properties : null,
        };
    }
}
