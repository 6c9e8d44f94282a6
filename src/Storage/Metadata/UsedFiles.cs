using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Collects the names of all files that states of a table need: manifests and their lists, live data files with those beside
/// them, changelog, index and statistics files. What is live in a row of snapshots is what is live in the first one and what
/// each later one adds, so that no more than the changes is read of those. For one thread.
/// </summary>
internal sealed class UsedFiles
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The names.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>The files of every branch but that of a store.</summary>
    public static async ValueTask<IReadOnlySet<string>> OfOtherBranchesAsync(
        FileStore store, CancellationToken cancellationToken)
    {
        var used = new UsedFiles();
        foreach (var branch in await BranchesAsync(store, cancellationToken).ConfigureAwait(false))
        {
            if (branch != store.Paths.Branch)
            {
                await used.AddAsync(store.OfBranch(branch), cancellationToken).ConfigureAwait(false);
            }
        }

        return used.Names;
    }

    /// <summary>The files of all branches.</summary>
    public static async ValueTask<IReadOnlySet<string>> OfAllBranchesAsync(
        FileStore store, CancellationToken cancellationToken)
    {
        var used = new UsedFiles();
        foreach (var branch in await BranchesAsync(store, cancellationToken).ConfigureAwait(false))
        {
            await used.AddAsync(store.OfBranch(branch), cancellationToken).ConfigureAwait(false);
        }

        return used.Names;
    }

    /// <summary>Adds the files of all snapshots, tags and changelogs of a table or branch.</summary>
    public async ValueTask AddAsync(FileStore store, CancellationToken cancellationToken)
    {
        // Before tags and changelogs: those are made of snapshots, so that one which is gone by now is found among them. The other
        // way round a snapshot that becomes a changelog, or expires once it is tagged, would be in neither.
        await AddSnapshotsAsync(store, cancellationToken).ConfigureAwait(false);
        foreach (var tag in await store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false))
        {
            await AddMetadataAsync(store, tag, cancellationToken).ConfigureAwait(false);
            await TryAddLiveAsync(store, tag, cancellationToken).ConfigureAwait(false);
        }

        foreach (var id in await store.Snapshots.ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await store.Snapshots.TryReadChangelogAsync(id, cancellationToken).ConfigureAwait(false) is { } changelog)
            {
                await AddMetadataAsync(store, changelog, cancellationToken).ConfigureAwait(false);
                await AddChangesAsync(store, changelog, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask AddSnapshotsAsync(FileStore store, CancellationToken cancellationToken)
    {
        // The last one whose live files are all known, with those of the snapshots before it.
        long? known = null;
        foreach (var id in await store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                await AddMetadataAsync(store, snapshot, cancellationToken).ConfigureAwait(false);
                var isKnown = await AddChangesAsync(store, snapshot, cancellationToken).ConfigureAwait(false)
                    && (known == id - 1 || await TryAddLiveAsync(store, snapshot, cancellationToken).ConfigureAwait(false));
                known = isKnown ? id : known;
            }
        }
    }

    private static async ValueTask<IReadOnlyList<string>> BranchesAsync(FileStore store, CancellationToken cancellationToken) =>
        [TablePaths.MainBranch, .. await new BranchManager(store).ListAsync(cancellationToken).ConfigureAwait(false)];

    private async ValueTask AddMetadataAsync(FileStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        string?[] lists = [snapshot.BaseManifestList, snapshot.DeltaManifestList, snapshot.ChangelogManifestList];
        foreach (var list in lists)
        {
            if (list is not null && _names.Add(list))
            {
                var metas = await ReadOrNullAsync(store, list, cancellationToken).ConfigureAwait(false) ?? [];
                _names.UnionWith(metas.Select(meta => meta.FileName));
            }
        }

        if (snapshot.Statistics is not null)
        {
            _names.Add(snapshot.Statistics);
        }

        if (snapshot.IndexManifest is not null && _names.Add(snapshot.IndexManifest))
        {
            try
            {
                var entries = await store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false);
                _names.UnionWith(entries.Select(entry => entry.FileName));
            }
            catch (FileMissingException)
            {
                // Of a changelog whose snapshot has expired.
            }
        }
    }

    /// <summary>Adds what is live in a snapshot; where it is expiring, all that its manifests name, as far as they are left.</summary>
    /// <returns>False when some were gone.</returns>
    private async ValueTask<bool> TryAddLiveAsync(FileStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            var live = await store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false);
            live.ForEach(AddData);
            return true;
        }
        catch (FileMissingException)
        {
            await AddAddedAsync(store, snapshot.BaseManifestList, cancellationToken).ConfigureAwait(false);
            await AddAddedAsync(store, snapshot.DeltaManifestList, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Adds the files that a snapshot added, and its changelog's.</summary>
    /// <returns>False when some of its manifests were gone.</returns>
    private async ValueTask<bool> AddChangesAsync(FileStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var isWhole = await AddAddedAsync(store, snapshot.DeltaManifestList, cancellationToken).ConfigureAwait(false);
        return snapshot.ChangelogManifestList is null
            ? isWhole
            : await AddAddedAsync(store, snapshot.ChangelogManifestList, cancellationToken).ConfigureAwait(false) && isWhole;
    }

    private async ValueTask<bool> AddAddedAsync(FileStore store, string list, CancellationToken cancellationToken)
    {
        var metas = await ReadOrNullAsync(store, list, cancellationToken).ConfigureAwait(false);
        var isWhole = metas is not null;
        foreach (var meta in metas ?? [])
        {
            try
            {
                var added = await store.Manifests.ReadAsync(
                    meta.FileName, entry => entry.Kind == FileKind.Add, cancellationToken).ConfigureAwait(false);
                added.ForEach(AddData);
            }
            catch (FileMissingException)
            {
                isWhole = false;
            }
        }

        return isWhole;
    }

    private void AddData(ManifestEntry entry)
    {
        _names.Add(entry.File.FileName);
        _names.UnionWith(entry.File.ExtraFiles);
    }

    private static async ValueTask<List<ManifestFileMeta>?> ReadOrNullAsync(
        FileStore store, string list, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ManifestLists.ReadAsync(list, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            return null;
        }
    }
}
