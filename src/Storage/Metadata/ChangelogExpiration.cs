using Microsoft.Extensions.Logging;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes old changelogs that outlived their snapshots, with the files that only they need (docs/format.md#expiry). The newest
/// one stays. For one thread; safe beside readers and writers.
/// </summary>
/// <param name="store">The table or branch.</param>
internal sealed class ChangelogExpiration(FileStore store)
{
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<ChangelogExpiration>();

    /// <summary>Expires what need not be retained any longer.</summary>
    /// <param name="retention">What is retained.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>The number of changelogs removed.</returns>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the retention contradicts itself.</exception>
    public async ValueTask<int> ExpireAsync(SnapshotRetention retention, CancellationToken cancellationToken = default)
    {
        retention.Validate();
        var latest = await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false);
        var ids = await store.Snapshots.ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false);
        if (latest is null || ids.Count == 0)
        {
            return 0;
        }

        var end = await EndAsync(retention, ids, latest.Value, cancellationToken).ConfigureAwait(false);
        var expired = ids.Where(id => id < end).ToList();
        if (expired.Count > 0)
        {
            await RemoveAsync(expired, end, cancellationToken).ConfigureAwait(false);
            Log.ChangelogsExpired(_logger, store.Paths.Root, expired[0], end - 1);
        }

        return expired.Count;
    }

    /// <summary>The oldest changelog that stays.</summary>
    private async ValueTask<long> EndAsync(
        SnapshotRetention retention, IReadOnlyList<long> ids, long latest, CancellationToken cancellationToken)
    {
        var consumer = await store.Consumers.MinNextSnapshotAsync(cancellationToken).ConfigureAwait(false);
        var end = Math.Min(latest - (retention.MinChangelogs ?? retention.MinSnapshots) + 1, consumer ?? long.MaxValue);
        end = Math.Min(Math.Min(end, ids[0] + retention.MaxDeletes), ids[^1]);
        var kept = retention.ChangelogTimeRetained ?? retention.TimeRetained;
        var youngest = store.Environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds()
            - (long)Math.Min(kept.TotalMilliseconds, long.MaxValue / 2);
        var first = Math.Max(latest - (retention.MaxChangelogs ?? retention.MaxSnapshots) + 1, ids[0]);
        for (var id = first; id <= end; id++)
        {
            var changelog = await store.Snapshots.TryReadChangelogAsync(id, cancellationToken).ConfigureAwait(false);
            if (changelog?.TimeMillis >= youngest)
            {
                return id;
            }
        }

        return end;
    }

    private async ValueTask RemoveAsync(List<long> expired, long end, CancellationToken cancellationToken)
    {
        var files = new FileDeletion(store);
        await files.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var tags = await store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false);
        var needed = await NeededAsync(tags, expired[0], end, cancellationToken).ConfigureAwait(false);
        foreach (var id in expired)
        {
            if (await store.Snapshots.TryReadChangelogAsync(id, cancellationToken).ConfigureAwait(false) is { } changelog)
            {
                await RemoveFilesAsync(files, changelog, tags, needed, cancellationToken).ConfigureAwait(false);
                await files.DeleteAsync(store.Paths.Changelog(id), cancellationToken).ConfigureAwait(false);
            }
        }

        await files.RemoveEmptyDirectoriesAsync(cancellationToken).ConfigureAwait(false);
        await store.Snapshots.WriteEarliestChangelogHintAsync(end, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask RemoveFilesAsync(
        FileDeletion files,
        Snapshot changelog,
        IReadOnlyList<Snapshot> tags,
        HashSet<string> needed,
        CancellationToken cancellationToken)
    {
        if (changelog.ChangelogManifestList is not null)
        {
            await files.RemoveAddedAsync(changelog.ChangelogManifestList, cancellationToken).ConfigureAwait(false);
            await files.RemoveListAsync(changelog.ChangelogManifestList, needed, cancellationToken).ConfigureAwait(false);
            return;
        }

        var tag = tags.LastOrDefault(candidate => candidate.Id < changelog.Id);
        var tagged = tag is null ? [] : await files.TaggedNamesAsync(tag, cancellationToken).ConfigureAwait(false);
        if (tagged is not null)
        {
            await files.RemoveReplacedAsync(
                changelog.DeltaManifestList, entry => tagged.Contains(entry.File.FileName), cancellationToken).ConfigureAwait(false);
        }

        await files.RemoveListAsync(changelog.DeltaManifestList, needed, cancellationToken).ConfigureAwait(false);
        await files.RemoveListAsync(changelog.BaseManifestList, needed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What tags, the oldest changelog kept and the oldest snapshot still need.</summary>
    private async ValueTask<HashSet<string>> NeededAsync(
        IReadOnlyList<Snapshot> tags, long begin, long end, CancellationToken cancellationToken)
    {
        var keeping = SnapshotExpiration.OverlappingTags(tags, begin, end).ToList();
        keeping.AddRange(new[]
        {
            await store.Snapshots.TryReadChangelogAsync(end, cancellationToken).ConfigureAwait(false),
            await store.Snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false),
        }.OfType<Snapshot>());
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in keeping.SelectMany(snapshot => new[] { snapshot.BaseManifestList, snapshot.DeltaManifestList }))
        {
            try
            {
                var metas = await store.ManifestLists.ReadAsync(list, cancellationToken).ConfigureAwait(false);
                needed.UnionWith(metas.Select(meta => meta.FileName));
                needed.Add(list);
            }
            catch (FileMissingException)
            {
                // The lists of a changelog that has files of its own went with its snapshot.
            }
        }

        return needed;
    }
}
