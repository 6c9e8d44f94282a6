using Microsoft.Extensions.Logging;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes old snapshots with the files that only they need (docs/format.md#expiry). Files go first and snapshots last, so that
/// what a crash leaves behind is found again by the next run. Snapshots that consumers still need stay. A table with tags or
/// branches keeps all its snapshots, as their files are not yet told apart. For one thread; safe beside readers and writers.
/// </summary>
internal sealed class SnapshotExpiration(FileStore store)
{
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<SnapshotExpiration>();

    /// <summary>Expires what the table's options no longer retain.</summary>
    /// <returns>The number of snapshots removed.</returns>
    public async ValueTask<int> ExpireAsync(CancellationToken cancellationToken = default)
    {
        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        var earliest = await store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        if (latest is null || earliest is null || await HasOtherRootsAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var end = await EndAsync(earliest.Value, latest.Value, cancellationToken).ConfigureAwait(false);
        if (end <= earliest)
        {
            return 0;
        }

        await RemoveAsync(earliest.Value, end, cancellationToken).ConfigureAwait(false);
        Log.SnapshotsExpired(_logger, store.Paths.Root, earliest.Value, end - 1);
        return (int)(end - earliest.Value);
    }

    /// <summary>The oldest snapshot that stays.</summary>
    private async ValueTask<long> EndAsync(long earliest, long latest, CancellationToken cancellationToken)
    {
        var options = store.Options;
        var consumer = await store.Consumers.MinNextSnapshotAsync(cancellationToken).ConfigureAwait(false) ?? long.MaxValue;
        var limit = Math.Min(
            Math.Min(latest - options.SnapshotsRetainedMin + 1, earliest + options.SnapshotExpireLimit), consumer);
        var oldest = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()
            - (long)options.SnapshotTimeRetained.TotalMilliseconds;
        for (var id = Math.Max(latest - options.SnapshotsRetainedMax + 1, earliest); id < limit; id++)
        {
            var next = await store.Snapshots.TryReadAsync(id + 1, cancellationToken).ConfigureAwait(false);
            if (next is not null && next.TimeMillis > oldest)
            {
                return id;
            }
        }

        return limit;
    }

    private async ValueTask<bool> HasOtherRootsAsync(CancellationToken cancellationToken)
    {
        var tags = await store.Environment.FileIO.ListAsync(store.Paths.TagDirectory, cancellationToken).ConfigureAwait(false);
        var branches = await store.Environment.FileIO.ListAsync($"{store.Paths.Root}/branch", cancellationToken)
            .ConfigureAwait(false);
        return tags.Count + branches.Count > 0;
    }

    private async ValueTask RemoveAsync(long begin, long end, CancellationToken cancellationToken)
    {
        var kept = await store.Snapshots.ReadAsync(end, cancellationToken).ConfigureAwait(false);
        var expired = new List<Snapshot>();
        for (var id = begin; id < end; id++)
        {
            if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                expired.Add(snapshot);
            }
        }

        foreach (var snapshot in expired.Skip(1).Append(kept))
        {
            await RemoveReplacedFilesAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        foreach (var snapshot in expired)
        {
            await RemoveChangelogAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        await RemoveManifestsAsync(expired, kept, cancellationToken).ConfigureAwait(false);
        foreach (var snapshot in expired)
        {
            await DeleteAsync(store.Paths.Snapshot(snapshot.Id), cancellationToken).ConfigureAwait(false);
        }

        await store.Snapshots.WriteEarliestHintAsync(end, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The files that a snapshot removed are needed by those before it only, save those that it moved up.</summary>
    private async ValueTask RemoveReplacedFilesAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var delta = await ReadOrNoneAsync(
            () => store.Scan.DeltaAsync(snapshot, ScanFilter.All, cancellationToken)).ConfigureAwait(false);
        var added = delta.Where(entry => entry.Kind == FileKind.Add).Select(entry => entry.File.FileName)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var entry in delta)
        {
            if (entry.Kind == FileKind.Delete && !added.Contains(entry.File.FileName))
            {
                await DeleteDataAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask RemoveChangelogAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        foreach (var entry in await ReadOrNoneAsync(
            () => store.Scan.ChangelogAsync(snapshot, ScanFilter.All, cancellationToken)).ConfigureAwait(false))
        {
            await DeleteDataAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RemoveManifestsAsync(
        List<Snapshot> expired, Snapshot kept, CancellationToken cancellationToken)
    {
        var needed = await MetadataOfAsync(kept, cancellationToken).ConfigureAwait(false);
        foreach (var snapshot in expired)
        {
            foreach (var name in await MetadataOfAsync(snapshot, cancellationToken).ConfigureAwait(false))
            {
                if (needed.Add(name))
                {
                    await DeleteAsync(store.Paths.Manifest(name), cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>The manifests of a snapshot, then the lists that name them: a list goes after all that it leads to.</summary>
    private async ValueTask<HashSet<string>> MetadataOfAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        string?[] lists = [snapshot.BaseManifestList, snapshot.DeltaManifestList, snapshot.ChangelogManifestList];
        foreach (var list in lists)
        {
            if (list is not null)
            {
                var metas = await ReadOrNoneAsync(() => store.ManifestLists.ReadAsync(list, cancellationToken))
                    .ConfigureAwait(false);
                names.UnionWith(metas.Select(meta => meta.FileName));
                names.Add(list);
            }
        }

        if (snapshot.IndexManifest is not null)
        {
            names.Add(snapshot.IndexManifest);
        }

        return names;
    }

    private async ValueTask DeleteDataAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        foreach (var path in store.DataPaths.AllFiles(entry.Partition, entry.Bucket, entry.File))
        {
            await DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        store.Environment.FileIO.DeleteAsync(path, cancellationToken);

    /// <summary>A run that was cut short has removed some of the metadata already: nothing is left to do for it.</summary>
    private static async ValueTask<List<T>> ReadOrNoneAsync<T>(Func<ValueTask<List<T>>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            return [];
        }
    }
}
