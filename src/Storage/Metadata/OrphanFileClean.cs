using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Finds and removes files in a table's directory that no snapshot, tag or changelog of any branch leads to: what failed
/// commits, crashes, rollbacks and deleted branches left behind (docs/format.md#orphan-files). Young files are left alone, as a
/// writer may be about to commit them. For one thread.
/// </summary>
/// <param name="store">The table, any of its branches.</param>
internal sealed class OrphanFileClean(FileStore store)
{
    private const string BucketPrefix = "bucket-";

    private readonly IFileIO _fileIO = store.Environment.FileIO;
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<OrphanFileClean>();

    /// <summary>Finds orphans and removes them.</summary>
    /// <param name="olderThan">Files that were changed at this time or later are left alone.</param>
    /// <param name="isDryRun">True to find them only.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The orphans, ordered by path.</returns>
    /// <exception cref="PaimonException">Invalid: a branch has no schema, so that nobody can say what it uses.</exception>
    public async ValueTask<IReadOnlyList<FileStatus>> CleanAsync(
        DateTimeOffset olderThan, bool isDryRun, CancellationToken cancellationToken = default)
    {
        var branches = new List<string> { TablePaths.MainBranch };
        branches.AddRange(await new BranchManager(store).ListAsync(cancellationToken).ConfigureAwait(false));
        var candidates = new List<FileStatus>();
        foreach (var branch in branches)
        {
            await CheckBranchAsync(branch, cancellationToken).ConfigureAwait(false);
            await AddStrayAsync(candidates, store.Paths.OfBranch(branch), cancellationToken).ConfigureAwait(false);
        }

        // Candidates are listed before what is used is read: a file that is committed in between is found used.
        var strays = candidates.Count;
        await AddContentAsync(candidates, cancellationToken).ConfigureAwait(false);
        var used = await UsedFiles.OfAllBranchesAsync(store, cancellationToken).ConfigureAwait(false);
        var orphans = candidates
            .Where((file, index) => file.ModifiedAt < olderThan && (index < strays || !used.Contains(file.Name)))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .ToList();
        if (!isDryRun)
        {
            await RemoveAsync(orphans, cancellationToken).ConfigureAwait(false);
        }

        return orphans;
    }

    private async ValueTask CheckBranchAsync(string branch, CancellationToken cancellationToken)
    {
        var paths = store.Paths.OfBranch(branch);
        var schemas = await new SchemaManager(store.Environment, paths).ListIdsAsync(cancellationToken).ConfigureAwait(false);
        if (schemas.Count == 0)
        {
            PaimonException.ThrowInvalid(
                $"{paths.SchemaDirectory} holds no schema, so that nobody can say which files the branch '{branch}' uses;"
                + " nothing was removed. Delete the branch first, or repair it.");
        }
    }

    /// <summary>Files among snapshots, changelogs, schemas, tags and consumers that are none: unfinished ones.</summary>
    private async ValueTask AddStrayAsync(List<FileStatus> files, TablePaths paths, CancellationToken cancellationToken)
    {
        (string Directory, string Prefix)[] known =
        [
            (paths.SnapshotDirectory, TablePaths.SnapshotPrefix),
            (paths.ChangelogDirectory, TablePaths.ChangelogPrefix),
            (paths.SchemaDirectory, TablePaths.SchemaPrefix),
            (paths.TagDirectory, TablePaths.TagPrefix),
            (paths.ConsumerDirectory, TablePaths.ConsumerPrefix),
        ];
        foreach (var (directory, prefix) in known)
        {
            var entries = await _fileIO.ListAsync(directory, cancellationToken).ConfigureAwait(false);
            files.AddRange(entries.Where(file => !file.IsDirectory
                && !file.Name.StartsWith(prefix, StringComparison.Ordinal)
                && file.Name is not ("EARLIEST" or "LATEST")));
        }
    }

    private async ValueTask AddContentAsync(List<FileStatus> files, CancellationToken cancellationToken)
    {
        string[] directories =
        [
            store.Paths.ManifestDirectory,
            store.Paths.IndexDirectory,
            store.Paths.StatisticsDirectory,
        ];
        foreach (var directory in directories)
        {
            await AddFilesAsync(files, directory, cancellationToken).ConfigureAwait(false);
        }

        await AddBucketsAsync(files, store.DataPaths.Root, store.Schema.PartitionKeys.Count, cancellationToken)
            .ConfigureAwait(false);
    }

    private async ValueTask AddBucketsAsync(
        List<FileStatus> files, string directory, int partitionLevels, CancellationToken cancellationToken)
    {
        foreach (var entry in await _fileIO.ListAsync(directory, cancellationToken).ConfigureAwait(false))
        {
            if (!entry.IsDirectory)
            {
                continue;
            }

            if (partitionLevels == 0 && entry.Name.StartsWith(BucketPrefix, StringComparison.Ordinal))
            {
                await AddFilesAsync(files, entry.Path, cancellationToken).ConfigureAwait(false);
            }
            else if (partitionLevels > 0 && entry.Name.Contains('=', StringComparison.Ordinal))
            {
                await AddBucketsAsync(files, entry.Path, partitionLevels - 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask AddFilesAsync(List<FileStatus> files, string directory, CancellationToken cancellationToken)
    {
        var entries = await _fileIO.ListAsync(directory, cancellationToken).ConfigureAwait(false);
        files.AddRange(entries.Where(file => !file.IsDirectory));
    }

    private async ValueTask RemoveAsync(List<FileStatus> orphans, CancellationToken cancellationToken)
    {
        var buckets = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in orphans)
        {
            await _fileIO.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
            if (FilePath.Parent(file.Path) is { } parent
                && FilePath.Name(parent).StartsWith(BucketPrefix, StringComparison.Ordinal))
            {
                buckets.Add(parent);
            }
        }

        await FileDeletion.RemoveEmptyAsync(store, buckets, cancellationToken).ConfigureAwait(false);
        if (orphans.Count > 0)
        {
            Log.OrphansRemoved(_logger, store.Paths.Root, orphans.Count, orphans.Sum(file => file.SizeBytes));
        }
    }
}
