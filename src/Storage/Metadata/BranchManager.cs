using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The branches of a table: second lines of schemas, snapshots and tags over shared data files (docs/format.md#branch). Safe
/// for several threads.
/// </summary>
/// <param name="store">The table or the branch that others begin from.</param>
internal sealed class BranchManager(FileStore store)
{
    private readonly IFileIO _fileIO = store.Environment.FileIO;

    /// <summary>The names of the branches, sorted; the table itself is none of them.</summary>
    public async ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default)
    {
        var entries = await _fileIO.ListAsync(store.Paths.BranchDirectory, cancellationToken).ConfigureAwait(false);
        return
        [
            .. entries
                .Where(entry => entry.IsDirectory && entry.Name.StartsWith(TablePaths.BranchPrefix, StringComparison.Ordinal))
                .Select(entry => entry.Name[TablePaths.BranchPrefix.Length..])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>True when there is a branch of the name.</summary>
    public ValueTask<bool> ExistsAsync(string name, CancellationToken cancellationToken = default) =>
        _fileIO.ExistsAsync(store.Paths.OfBranch(name).BranchRoot, cancellationToken);

    /// <summary>Makes a branch without rows that has the schemas of this one.</summary>
    /// <exception cref="PaimonException">Invalid: the name is none, or taken.</exception>
    public async ValueTask CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        await CheckNewAsync(name, cancellationToken).ConfigureAwait(false);
        await CopySchemasAsync(store.Paths.OfBranch(name), long.MaxValue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a branch that begins with a tag's state and schema.</summary>
    /// <exception cref="PaimonException">Invalid: the name is none or taken, or there is no such tag.</exception>
    public async ValueTask CreateFromTagAsync(string name, string tag, CancellationToken cancellationToken = default)
    {
        await CheckNewAsync(name, cancellationToken).ConfigureAwait(false);
        var source = await store.Tags.ReadAsync(tag, cancellationToken).ConfigureAwait(false);
        var paths = store.Paths.OfBranch(name);

        // The schemas first and the snapshot next: what a crash leaves is a branch that can be opened and deleted.
        await CopySchemasAsync(paths, source.Snapshot.SchemaId, cancellationToken).ConfigureAwait(false);
        await _fileIO.ReplaceAsync(
            paths.Snapshot(source.Snapshot.Id), SnapshotJson.Write(source.Snapshot), cancellationToken).ConfigureAwait(false);
        await new TagManager(_fileIO, paths).WriteAsync(source, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a branch. Data files that only it used are left for the orphan clean.</summary>
    /// <exception cref="PaimonException">Invalid: there is no such branch.</exception>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await CheckExistsAsync(name, cancellationToken).ConfigureAwait(false);
        await _fileIO.DeleteDirectoryAsync(store.Paths.OfBranch(name).BranchRoot, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes this branch what another one is: everything from that one's oldest snapshot on is replaced by what it has. When
    /// it is cut short, this branch shows an earlier state of itself or of the other one; it can be repeated.
    /// </summary>
    /// <exception cref="PaimonException">Invalid: there is no such branch, or it has no snapshot.</exception>
    public async ValueTask FastForwardAsync(string name, CancellationToken cancellationToken = default)
    {
        if (name == TablePaths.MainBranch || name == store.Paths.Branch)
        {
            PaimonException.ThrowInvalid(
                $"{store.Paths.Root}: '{store.Paths.Branch}' cannot be fast-forwarded to '{name}'; name another branch than"
                + $" that and '{TablePaths.MainBranch}'.");
        }

        await CheckExistsAsync(name, cancellationToken).ConfigureAwait(false);
        var paths = store.Paths.OfBranch(name);
        var snapshots = new SnapshotManager(_fileIO, paths);
        var ids = await snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        if (ids.Count == 0)
        {
            PaimonException.ThrowInvalid($"{paths.BranchRoot} has no snapshot: there is nothing to fast-forward to.");
        }

        var first = await snapshots.ReadAsync(ids[0], cancellationToken).ConfigureAwait(false);

        // The branch may begin before what the table has left. The old hint would become true again with a copied snapshot of its
        // number, and hide those before it from an expiry, which would take what they need. Without a hint the listing decides.
        await _fileIO.DeleteAsync(store.Paths.EarliestHint, cancellationToken).ConfigureAwait(false);
        await RemoveFromAsync(first, cancellationToken).ConfigureAwait(false);
        await CopyFilesAsync(paths.SchemaDirectory, store.Paths.SchemaDirectory, TablePaths.SchemaPrefix, cancellationToken)
            .ConfigureAwait(false);
        store.Schemas.Forget();
        foreach (var id in ids)
        {
            await CopyAsync(paths.Snapshot(id), store.Paths.Snapshot(id), cancellationToken).ConfigureAwait(false);
        }

        await CopyFilesAsync(paths.TagDirectory, store.Paths.TagDirectory, TablePaths.TagPrefix, cancellationToken)
            .ConfigureAwait(false);
        await store.Snapshots.WriteLatestHintAsync(ids[^1], cancellationToken).ConfigureAwait(false);
        var all = await store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        await store.Snapshots.WriteEarliestHintAsync(all.Min(), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask RemoveFromAsync(Snapshot first, CancellationToken cancellationToken)
    {
        foreach (var tag in await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (tag.Snapshot.Id >= first.Id)
            {
                await store.Tags.RemoveAsync(tag.Name, cancellationToken).ConfigureAwait(false);
            }
        }

        // The newest first, so that what is left at any moment has no gap.
        var own = await store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in own.Where(id => id >= first.Id).OrderDescending())
        {
            await _fileIO.DeleteAsync(store.Paths.Snapshot(id), cancellationToken).ConfigureAwait(false);
        }

        await Rollback.RemoveChangelogsAsync(store, first.Id - 1, cancellationToken).ConfigureAwait(false);
        var schemas = await store.Schemas.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in schemas.Where(id => id > first.SchemaId).OrderDescending())
        {
            await _fileIO.DeleteAsync(store.Paths.Schema(id), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CopySchemasAsync(TablePaths target, long lastId, CancellationToken cancellationToken)
    {
        var ids = await store.Schemas.ListIdsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in ids.Where(id => id <= lastId).Order())
        {
            await CopyAsync(store.Paths.Schema(id), target.Schema(id), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CopyFilesAsync(string source, string target, string prefix, CancellationToken cancellationToken)
    {
        var files = await _fileIO.ListAsync(source, cancellationToken).ConfigureAwait(false);
        foreach (var file in files.Where(file => !file.IsDirectory && file.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            await CopyAsync(file.Path, $"{target}/{file.Name}", cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        var bytes = await SmallFiles.ReadAsync(_fileIO, source, cancellationToken).ConfigureAwait(false);
        await _fileIO.ReplaceAsync(target, bytes, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CheckNewAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        if (await ExistsAsync(name, cancellationToken).ConfigureAwait(false))
        {
            PaimonException.ThrowInvalid($"{store.Paths.Root} has a branch '{name}' already.");
        }
    }

    private async ValueTask CheckExistsAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        if (!await ExistsAsync(name, cancellationToken).ConfigureAwait(false))
        {
            PaimonException.ThrowInvalid($"{store.Paths.Root} has no branch '{name}'.");
        }
    }

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name)
            || name == TablePaths.MainBranch
            || name.AsSpan().ContainsAny('/', '\\')
            || name.All(char.IsAsciiDigit))
        {
            PaimonException.ThrowInvalid(
                $"A branch's name is not blank, not '{TablePaths.MainBranch}', not a number and has no '/' or '\\'; found"
                + $" '{name}'.");
        }
    }
}
