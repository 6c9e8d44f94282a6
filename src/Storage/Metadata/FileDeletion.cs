using Microsoft.Extensions.Logging;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes files that no state of a table needs any more, as expiry and the deletion of tags do (docs/format.md#expiry). What
/// cannot be read is left alone: it is found by the orphan clean. Files that another branch uses stay. For one thread.
/// </summary>
/// <param name="store">The table or branch.</param>
internal sealed class FileDeletion(FileStore store)
{
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<FileDeletion>();
    private IReadOnlySet<string>? _usedElsewhere;

    /// <summary>Finds out what other branches use; before anything is removed.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        _usedElsewhere ??= await UsedFiles.OfOtherBranchesAsync(store, cancellationToken).ConfigureAwait(false);

    /// <summary>The names of the data files that are live in some snapshots.</summary>
    /// <exception cref="FileMissingException">A manifest is gone.</exception>
    public async ValueTask<HashSet<string>> LiveNamesAsync(
        IEnumerable<Snapshot> snapshots, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots)
        {
            var live = await store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false);
            names.UnionWith(live.Select(entry => entry.File.FileName));
        }

        return names;
    }

    /// <summary>The names of the data files that are live in the state of a tag; null, and a word in the log, where nobody can say.</summary>
    public ValueTask<HashSet<string>?> TaggedNamesAsync(Snapshot tag, CancellationToken cancellationToken) =>
        OrNullAsync(LiveNamesAsync([tag], cancellationToken));

    /// <summary>What <see cref="MetadataNamesAsync"/> says; null, and a word in the log, where one of the snapshots has lost a list.</summary>
    public ValueTask<HashSet<string>?> TryMetadataNamesAsync(
        IEnumerable<Snapshot> snapshots, CancellationToken cancellationToken) =>
        OrNullAsync(MetadataNamesAsync(snapshots, cancellationToken));

    /// <summary>The manifests, lists, index and statistics files that some snapshots need.</summary>
    /// <exception cref="FileMissingException">A list is gone.</exception>
    public async ValueTask<HashSet<string>> MetadataNamesAsync(
        IEnumerable<Snapshot> snapshots, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in snapshots)
        {
            names.Add(snapshot.BaseManifestList);
            names.Add(snapshot.DeltaManifestList);
            names.UnionWith((await store.ManifestLists.ReadAllAsync(snapshot, cancellationToken).ConfigureAwait(false))
                .Select(meta => meta.FileName));
            if (snapshot.IndexManifest is not null)
            {
                names.Add(snapshot.IndexManifest);
                names.UnionWith((await store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false))
                    .Select(entry => entry.FileName));
            }

            if (snapshot.Statistics is not null)
            {
                names.Add(snapshot.Statistics);
            }
        }

        return names;
    }

    /// <summary>Adds a manifest list with its manifests to what is needed; one that is gone leads to nothing.</summary>
    public async ValueTask AddListAsync(string list, HashSet<string> needed, CancellationToken cancellationToken)
    {
        needed.Add(list);
        needed.UnionWith((await ListOrNoneAsync(list, cancellationToken).ConfigureAwait(false)).Select(meta => meta.FileName));
    }

    /// <summary>
    /// Removes the data files that a manifest list removes from the table, save those that it adds again: they were moved to
    /// another level. Nothing is removed when one of the manifests is gone.
    /// </summary>
    /// <param name="list">The delta manifest list of a snapshot; those before it may be expiring, itself and later ones not.</param>
    /// <param name="keep">The files to keep.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask RemoveReplacedAsync(string list, Predicate<ManifestEntry> keep, CancellationToken cancellationToken)
    {
        var replaced = new Dictionary<string, ManifestEntry>(StringComparer.Ordinal);
        try
        {
            foreach (var meta in await store.ManifestLists.ReadAsync(list, cancellationToken).ConfigureAwait(false))
            {
                foreach (var entry in await store.Manifests.ReadAsync(meta.FileName, accept: null, cancellationToken)
                    .ConfigureAwait(false))
                {
                    var path = store.DataPaths.File(entry.Partition, entry.Bucket, entry.File);
                    if (entry.Kind == FileKind.Add)
                    {
                        replaced.Remove(path);
                    }
                    else
                    {
                        replaced[path] = entry;
                    }
                }
            }
        }
        catch (FileMissingException)
        {
            return;
        }

        foreach (var entry in replaced.Values)
        {
            if (!keep(entry))
            {
                await RemoveDataAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes all data files that a manifest list adds, as those of a changelog.</summary>
    public async ValueTask RemoveAddedAsync(string list, CancellationToken cancellationToken)
    {
        foreach (var meta in await ListOrNoneAsync(list, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                foreach (var entry in await store.Manifests.ReadAsync(meta.FileName, accept: null, cancellationToken)
                    .ConfigureAwait(false))
                {
                    if (entry.Kind == FileKind.Add)
                    {
                        await RemoveDataAsync(entry, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
            catch (FileMissingException)
            {
                // A run that was cut short has removed it, after the files that it named.
            }
        }
    }

    /// <summary>Removes a data file with those beside it.</summary>
    public async ValueTask RemoveDataAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        if (IsUsedElsewhere(entry.File.FileName))
        {
            return;
        }

        foreach (var path in store.DataPaths.AllFiles(entry.Partition, entry.Bucket, entry.File))
        {
            await DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }

        _directories.Add(store.DataPaths.BucketDirectory(entry.Partition, entry.Bucket));
    }

    /// <summary>Removes a manifest list with its manifests.</summary>
    /// <param name="list">The list.</param>
    /// <param name="needed">What stays; grows by what is removed, so that it is removed once.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask RemoveListAsync(string list, HashSet<string> needed, CancellationToken cancellationToken)
    {
        // The list goes after all that it leads to.
        foreach (var meta in await ListOrNoneAsync(list, cancellationToken).ConfigureAwait(false))
        {
            await RemoveMetadataAsync(store.Paths.Manifest(meta.FileName), needed, cancellationToken).ConfigureAwait(false);
        }

        await RemoveMetadataAsync(store.Paths.Manifest(list), needed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the index and statistics files of a snapshot.</summary>
    public async ValueTask RemoveIndexAndStatisticsAsync(
        Snapshot snapshot, HashSet<string> needed, CancellationToken cancellationToken)
    {
        if (snapshot.IndexManifest is not null)
        {
            try
            {
                foreach (var entry in await store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false))
                {
                    await RemoveMetadataAsync(store.IndexPath(entry), needed, cancellationToken).ConfigureAwait(false);
                }

                await RemoveMetadataAsync(store.Paths.Manifest(snapshot.IndexManifest), needed, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (FileMissingException)
            {
                // Removed with an earlier snapshot that shared it.
            }
        }

        if (snapshot.Statistics is not null)
        {
            await RemoveMetadataAsync(store.Paths.Statistics(snapshot.Statistics), needed, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes the directories of buckets and partitions that lost files and are empty now, where option
    /// <c>snapshot.clean-empty-directories</c> asks for it.
    /// </summary>
    public async ValueTask RemoveEmptyDirectoriesAsync(CancellationToken cancellationToken)
    {
        if (store.Options.CleanEmptyDirectories)
        {
            await RemoveEmptyAsync(store, _directories, cancellationToken).ConfigureAwait(false);
        }

        _directories.Clear();
    }

    /// <summary>Removes bucket directories that are empty, and then the partitions' above them.</summary>
    public static async ValueTask RemoveEmptyAsync(
        FileStore store, IEnumerable<string> bucketDirectories, CancellationToken cancellationToken)
    {
        var directories = bucketDirectories.ToHashSet(StringComparer.Ordinal);
        for (var level = 0; level <= store.Schema.PartitionKeys.Count && directories.Count > 0; level++)
        {
            var parents = new HashSet<string>(StringComparer.Ordinal);
            foreach (var directory in directories)
            {
                if (await store.Environment.FileIO.TryDeleteEmptyDirectoryAsync(directory, cancellationToken)
                        .ConfigureAwait(false)
                    && FilePath.Parent(directory) is { } parent)
                {
                    parents.Add(parent);
                }
            }

            directories = parents;
        }
    }

    /// <summary>Removes a file.</summary>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        store.Environment.FileIO.DeleteAsync(path, cancellationToken);

    private async ValueTask RemoveMetadataAsync(string path, HashSet<string> needed, CancellationToken cancellationToken)
    {
        var name = FilePath.Name(path);
        if (needed.Add(name) && !IsUsedElsewhere(name))
        {
            await DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsUsedElsewhere(string name) => _usedElsewhere is not null && _usedElsewhere.Contains(name);

    private async ValueTask<List<ManifestFileMeta>> ListOrNoneAsync(string list, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ManifestLists.ReadAsync(list, cancellationToken).ConfigureAwait(false);
        }
        catch (FileMissingException)
        {
            return [];
        }
    }

    private async ValueTask<HashSet<string>?> OrNullAsync(ValueTask<HashSet<string>> names)
    {
        try
        {
            return await names.ConfigureAwait(false);
        }
        catch (FileMissingException missing)
        {
            Log.FilesLeft(_logger, missing, store.Paths.Root);
            return null;
        }
    }
}
