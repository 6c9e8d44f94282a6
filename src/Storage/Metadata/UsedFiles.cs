using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Collects the names of all files that states of a table lead to: manifests and their lists, data files with those beside
/// them, index and statistics files. Each manifest is read once. For one thread.
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
        // Tags before snapshots: one that is made meanwhile keeps a snapshot that is still listed.
        var roots = new List<Snapshot>(await store.Tags.TaggedSnapshotsAsync(cancellationToken).ConfigureAwait(false));
        foreach (var id in await store.Snapshots.ListChangelogIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await store.Snapshots.TryReadChangelogAsync(id, cancellationToken).ConfigureAwait(false) is { } changelog)
            {
                roots.Add(changelog);
            }
        }

        foreach (var id in await store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                roots.Add(snapshot);
            }
        }

        foreach (var root in roots)
        {
            await AddAsync(store, root, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<IReadOnlyList<string>> BranchesAsync(FileStore store, CancellationToken cancellationToken) =>
        [TablePaths.MainBranch, .. await new BranchManager(store).ListAsync(cancellationToken).ConfigureAwait(false)];

    private async ValueTask AddAsync(FileStore store, Snapshot snapshot, CancellationToken cancellationToken)
    {
        string?[] lists = [snapshot.BaseManifestList, snapshot.DeltaManifestList, snapshot.ChangelogManifestList];
        foreach (var list in lists)
        {
            if (list is not null && _names.Add(list))
            {
                await AddListAsync(store, list, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Of a changelog, and of a snapshot that is expiring, some may be gone.</summary>
    private async ValueTask AddListAsync(FileStore store, string list, CancellationToken cancellationToken)
    {
        List<ManifestFileMeta> metas;
        try
        {
            metas = await store.ManifestLists.ReadAsync(list, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            return;
        }

        foreach (var meta in metas)
        {
            if (_names.Add(meta.FileName))
            {
                await AddManifestAsync(store, meta.FileName, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask AddManifestAsync(FileStore store, string name, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var entry in await store.Manifests.ReadAsync(name, accept: null, cancellationToken).ConfigureAwait(false))
            {
                _names.Add(entry.File.FileName);
                _names.UnionWith(entry.File.ExtraFiles);
            }
        }
        catch (FileMissingException)
        {
            // As above.
        }
    }
}
