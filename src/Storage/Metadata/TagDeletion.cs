using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes a tag and, where its snapshot has expired, the files that only the tag kept: those that neither the tag before it
/// nor the next state after it (a tag, or the oldest snapshot) has (docs/format.md#tag). What long-lived changelogs need stays,
/// and goes with them. For one thread.
/// </summary>
/// <param name="store">The table or branch.</param>
internal sealed class TagDeletion(FileStore store)
{
    private readonly FileDeletion _files = new(store);

    /// <summary>Removes a tag; nothing happens when it is not there.</summary>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.Tags.TryReadAsync(name, cancellationToken).ConfigureAwait(false) is not { } tag)
        {
            return;
        }

        var tags = await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false);
        await store.Tags.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
        var isKept = await store.Snapshots.ExistsAsync(tag.Snapshot.Id, cancellationToken).ConfigureAwait(false)
            || tags.Any(other => other.Name != name && other.Snapshot.Id == tag.Snapshot.Id);
        if (!isKept)
        {
            // A tag that a power failure brought back would lead to files that are gone.
            await store.Environment.FileIO.FlushDirectoryAsync(store.Paths.TagDirectory, cancellationToken).ConfigureAwait(false);
            await RemoveFilesAsync(tag.Snapshot, tags, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RemoveFilesAsync(Snapshot snapshot, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var before = tags.LastOrDefault(tag => tag.Snapshot.Id < snapshot.Id)?.Snapshot;
        var after = tags.FirstOrDefault(tag => tag.Snapshot.Id > snapshot.Id)?.Snapshot;
        var earliest = await store.Snapshots.EarliestAsync(cancellationToken).ConfigureAwait(false);
        if (after is null || earliest?.Id < after.Id)
        {
            after = earliest;
        }

        var neighbours = new[] { before, after }.OfType<Snapshot>().ToList();
        await _files.PrepareAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var live = await _files.LiveNamesAsync(neighbours, cancellationToken).ConfigureAwait(false);
            var needed = await _files.MetadataNamesAsync(neighbours, cancellationToken).ConfigureAwait(false);
            var keepsFlushed = await AddChangelogsAsync(needed, snapshot.Id, cancellationToken).ConfigureAwait(false);
            foreach (var entry in await store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false))
            {
                var isChangelog = keepsFlushed && entry.File.FileSource is null or FileSource.Append;
                if (!isChangelog && !live.Contains(entry.File.FileName))
                {
                    await _files.RemoveDataAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }

            await _files.RemoveEmptyDirectoriesAsync(cancellationToken).ConfigureAwait(false);
            await _files.RemoveListAsync(snapshot.BaseManifestList, needed, cancellationToken).ConfigureAwait(false);
            await _files.RemoveListAsync(snapshot.DeltaManifestList, needed, cancellationToken).ConfigureAwait(false);
            await _files.RemoveIndexAndStatisticsAsync(snapshot, needed, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            // An expiry at the same time, or one cut short, took a manifest away: the rest is for the orphan clean.
        }
    }

    /// <summary>
    /// Adds what long-lived changelogs without files of their own lead to: the files that writers flushed are their rows, and
    /// the lists of their snapshots lead there.
    /// </summary>
    /// <returns>True when one of them is as old as the state or older: flushed files that the state has may be its rows.</returns>
    private async ValueTask<bool> AddChangelogsAsync(HashSet<string> needed, long id, CancellationToken cancellationToken)
    {
        var keepsFlushed = false;
        foreach (var other in await store.Snapshots.ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await store.Snapshots.TryReadChangelogAsync(other, cancellationToken).ConfigureAwait(false)
                is { ChangelogManifestList: null } changelog)
            {
                keepsFlushed |= other <= id;
                await _files.AddListAsync(changelog.BaseManifestList, needed, cancellationToken).ConfigureAwait(false);
                await _files.AddListAsync(changelog.DeltaManifestList, needed, cancellationToken).ConfigureAwait(false);
            }
        }

        return keepsFlushed;
    }
}
