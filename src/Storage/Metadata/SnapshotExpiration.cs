using Microsoft.Extensions.Logging;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes old snapshots with the files that only they need (docs/format.md#expiry):
/// <list type="number">
/// <item>data files that later snapshots replaced, save those that tags keep;</item>
/// <item>changelog files, unless changelogs outlive their snapshots;</item>
/// <item>manifests, their lists, index and statistics files that neither the oldest snapshot kept nor a tag needs;</item>
/// <item>the snapshots, which become changelogs where those live longer; then the hint.</item>
/// </list>
/// Files go first and snapshots last, so that what a crash leaves behind is found again by the next run. Snapshots that
/// consumers still need stay, and so does the newest one that carries a job's position: without it the job could not go on. For
/// one thread; safe beside readers and writers.
/// </summary>
/// <param name="store">The table or branch.</param>
internal sealed class SnapshotExpiration(FileStore store)
{
    /// <summary>What the names of snapshot properties begin with that a job needs to go on after a restart.</summary>
    public const string PositionPrefix = "paimonsharp.";

    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<SnapshotExpiration>();

    /// <summary>Expires what need not be retained any longer.</summary>
    /// <param name="retention">What is retained.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>The number of snapshots removed.</returns>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the retention contradicts itself.</exception>
    public async ValueTask<int> ExpireAsync(SnapshotRetention retention, CancellationToken cancellationToken = default)
    {
        retention.Validate();
        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        var earliest = await store.Snapshots.EarliestIdAsync(cancellationToken).ConfigureAwait(false);
        if (latest is null || earliest is null || latest - retention.MinSnapshots + 1 <= earliest)
        {
            return 0;
        }

        var end = await EndAsync(retention, earliest.Value, latest.Value, cancellationToken).ConfigureAwait(false);
        if (end <= earliest)
        {
            return 0;
        }

        var snapshots = await ReadAsync(earliest.Value, end, cancellationToken).ConfigureAwait(false);
        end = await KeepPositionAsync(snapshots, end, latest.Value, cancellationToken).ConfigureAwait(false);
        snapshots.RemoveAll(snapshot => snapshot.Id > end);
        if (snapshots.Count < 2 || snapshots[^1].Id != end)
        {
            // Nothing to remove, or somebody else took away what was to stay.
            return 0;
        }

        await RemoveAsync(snapshots, retention.AreChangelogsKeptLonger, cancellationToken).ConfigureAwait(false);
        Log.SnapshotsExpired(_logger, store.Paths.Root, snapshots[0].Id, end - 1);
        return snapshots.Count - 1;
    }

    /// <summary>The oldest snapshot that stays.</summary>
    private async ValueTask<long> EndAsync(
        SnapshotRetention retention, long earliest, long latest, CancellationToken cancellationToken)
    {
        var end = Math.Min(latest - retention.MinSnapshots + 1, earliest + retention.MaxDeletes);
        if (!(retention.ConsumersKeepChangelogsOnly && retention.AreChangelogsKeptLonger))
        {
            var consumer = await store.Consumers.MinNextSnapshotAsync(cancellationToken).ConfigureAwait(false);
            end = Math.Min(end, consumer ?? long.MaxValue);
        }

        var youngest = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()
            - (long)Math.Min(retention.TimeRetained.TotalMilliseconds, long.MaxValue / 2);
        for (var id = Math.Max(latest - retention.MaxSnapshots + 1, earliest); id < end; id++)
        {
            var snapshot = await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false);
            if (snapshot?.TimeMillis >= youngest)
            {
                return id;
            }
        }

        return end;
    }

    private async ValueTask<List<Snapshot>> ReadAsync(long first, long last, CancellationToken cancellationToken)
    {
        var snapshots = new List<Snapshot>();
        for (var id = first; id <= last; id++)
        {
            if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                snapshots.Add(snapshot);
            }
        }

        return snapshots;
    }

    /// <summary>The oldest snapshot that stays, so that the newest one with a position of each commit user is not older.</summary>
    private async ValueTask<long> KeepPositionAsync(
        List<Snapshot> snapshots, long end, long latest, CancellationToken cancellationToken)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots.Where(snapshot => snapshot.Id < end && HasPosition(snapshot)))
        {
            positions[snapshot.CommitUser ?? ""] = snapshot.Id;
        }

        for (var id = latest; id >= end && positions.Count > 0; id--)
        {
            if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } newer
                && HasPosition(newer))
            {
                positions.Remove(newer.CommitUser ?? "");
            }
        }

        return positions.Values.Append(end).Min();
    }

    private static bool HasPosition(Snapshot snapshot) => snapshot.Properties is { } properties
        && properties.Keys.Any(key => key.StartsWith(PositionPrefix, StringComparison.Ordinal));

    /// <param name="snapshots">Those to remove, and the one that stays behind them.</param>
    /// <param name="keepChangelogs">True when changelogs outlive their snapshots.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async ValueTask RemoveAsync(List<Snapshot> snapshots, bool keepChangelogs, CancellationToken cancellationToken)
    {
        var files = new FileDeletion(store);
        await files.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var expired = snapshots[..^1];
        var tags = await store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false);
        await RemoveDataAsync(files, snapshots, tags, keepChangelogs, cancellationToken).ConfigureAwait(false);
        if (!keepChangelogs)
        {
            foreach (var list in expired.Select(snapshot => snapshot.ChangelogManifestList).OfType<string>())
            {
                await files.RemoveAddedAsync(list, cancellationToken).ConfigureAwait(false);
            }
        }

        await files.RemoveEmptyDirectoriesAsync(cancellationToken).ConfigureAwait(false);
        var end = snapshots[^1];
        var needed = await files.TryMetadataNamesAsync(
            [.. OverlappingTags(tags, expired[0].Id, end.Id), end], cancellationToken).ConfigureAwait(false);
        foreach (var snapshot in needed is null ? [] : expired)
        {
            await RemoveMetadataAsync(files, snapshot, needed!, keepChangelogs, cancellationToken).ConfigureAwait(false);
        }

        await RemoveSnapshotsAsync(expired, keepChangelogs, cancellationToken).ConfigureAwait(false);
        await store.Snapshots.WriteEarliestHintAsync(end.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The files that a snapshot removed are needed by those before it only.</summary>
    private async ValueTask RemoveDataAsync(
        FileDeletion files,
        List<Snapshot> snapshots,
        IReadOnlyList<Snapshot> tags,
        bool keepChangelogs,
        CancellationToken cancellationToken)
    {
        // Without changelog files of their own, the files that writers flushed are the changelog.
        var keepFlushed = keepChangelogs && !store.Options.HasChangelogProducer;
        Snapshot? tag = null;
        HashSet<string>? tagged = [];
        foreach (var snapshot in snapshots.Skip(1))
        {
            // What an older tag has and this snapshot removed, the newest tag before it has too.
            var before = tags.LastOrDefault(candidate => candidate.Id < snapshot.Id);
            if (before is not null && before.Id != tag?.Id)
            {
                tag = before;
                tagged = await files.TaggedNamesAsync(tag, cancellationToken).ConfigureAwait(false);
            }

            if (tagged is null)
            {
                continue;
            }

            await files.RemoveReplacedAsync(
                snapshot.DeltaManifestList,
                entry => tagged.Contains(entry.File.FileName)
                    || (keepFlushed && entry.File.FileSource is null or FileSource.Append),
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RemoveMetadataAsync(
        FileDeletion files,
        Snapshot snapshot,
        HashSet<string> needed,
        bool keepChangelogs,
        CancellationToken cancellationToken)
    {
        if (!keepChangelogs || store.Options.HasChangelogProducer)
        {
            await files.RemoveListAsync(snapshot.BaseManifestList, needed, cancellationToken).ConfigureAwait(false);
            await files.RemoveListAsync(snapshot.DeltaManifestList, needed, cancellationToken).ConfigureAwait(false);
        }

        if (!keepChangelogs && snapshot.ChangelogManifestList is not null)
        {
            await files.RemoveListAsync(snapshot.ChangelogManifestList, needed, cancellationToken).ConfigureAwait(false);
        }

        await files.RemoveIndexAndStatisticsAsync(snapshot, needed, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RemoveSnapshotsAsync(
        List<Snapshot> expired, bool keepChangelogs, CancellationToken cancellationToken)
    {
        var fileIO = store.Environment.FileIO;
        foreach (var snapshot in expired)
        {
            if (keepChangelogs)
            {
                // What an earlier attempt left, or a history that was given up, is replaced.
                await fileIO.ReplaceAsync(
                    store.Paths.Changelog(snapshot.Id), SnapshotJson.Write(snapshot), cancellationToken).ConfigureAwait(false);
                await store.Snapshots.WriteLatestChangelogHintAsync(snapshot.Id, cancellationToken).ConfigureAwait(false);
            }

            await fileIO.DeleteAsync(store.Paths.Snapshot(snapshot.Id), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The tags that share manifests with the snapshots from one to before another.</summary>
    internal static IEnumerable<Snapshot> OverlappingTags(IReadOnlyList<Snapshot> tags, long begin, long end)
    {
        var first = tags.LastOrDefault(tag => tag.Id <= begin)?.Id ?? 0;
        return tags.Where(tag => tag.Id >= first && tag.Id < end);
    }
}
