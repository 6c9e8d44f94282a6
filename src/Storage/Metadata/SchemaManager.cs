using System.Collections.Concurrent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Reads, creates and changes the schemas of a table. A schema file never changes, so those read are kept. Creation is
/// atomic: of two writers of one id, one wins and the other reads again. Safe for several threads.
/// </summary>
internal sealed class SchemaManager
{
    private readonly IFileIO _fileIO;
    private readonly TimeProvider _timeProvider;
    private readonly TablePaths _paths;
    private readonly ConcurrentDictionary<long, TableSchema> _known = new();

    /// <summary>Looks at a table.</summary>
    public SchemaManager(StorageEnvironment environment, TablePaths paths)
    {
        _fileIO = environment.FileIO;
        _timeProvider = environment.TimeProvider;
        _paths = paths;
    }

    /// <summary>The newest schema, null when there is no table.</summary>
    public async ValueTask<TableSchema?> LatestAsync(CancellationToken cancellationToken = default)
    {
        // Schemas are few and have no hint: after the newest one known, only later ones have to be looked for.
        var known = _known.IsEmpty ? -1 : _known.Keys.Max();
        if (known >= 0)
        {
            while (await _fileIO.ExistsAsync(_paths.Schema(known + 1), cancellationToken).ConfigureAwait(false))
            {
                known++;
            }

            return await ReadAsync(known, cancellationToken).ConfigureAwait(false);
        }

        var ids = await ListIdsAsync(cancellationToken).ConfigureAwait(false);
        return ids.Count == 0 ? null : await ReadAsync(ids[^1], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a schema.</summary>
    /// <exception cref="FileMissingException">There is no such schema.</exception>
    public async ValueTask<TableSchema> ReadAsync(long id, CancellationToken cancellationToken = default)
    {
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }

        var path = _paths.Schema(id);
        var bytes = await SmallFiles.ReadAsync(_fileIO, path, cancellationToken).ConfigureAwait(false);
        try
        {
            return _known.GetOrAdd(id, TableSchemaJson.Read(bytes));
        }
        catch (CorruptDataException error)
        {
            throw error.InFile(path);
        }
    }

    /// <summary>A schema that was read or written before; null for another one.</summary>
    public TableSchema? TryGetKnown(long id) => _known.GetValueOrDefault(id);

    /// <summary>The ids of all schemas, smallest first.</summary>
    public async ValueTask<IReadOnlyList<long>> ListIdsAsync(CancellationToken cancellationToken = default)
    {
        var ids = await SmallFiles.ListIdsAsync(
            _fileIO, _paths.SchemaDirectory, TablePaths.SchemaPrefix, cancellationToken).ConfigureAwait(false);
        ids.Sort();
        return ids;
    }

    /// <summary>Reads all schemas again when they are asked for: for when their files have been replaced.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Writes a schema under its own id.</summary>
    /// <returns>False when a schema of that id is there already; it is untouched.</returns>
    /// <exception cref="PaimonException">Invalid: an option names a branch that is not there.</exception>
    public async ValueTask<bool> TryCreateAsync(TableSchema schema, CancellationToken cancellationToken = default)
    {
        await CheckBranchesAsync(schema, cancellationToken).ConfigureAwait(false);
        var published = await _fileIO.TryPublishAsync(
            _paths.Schema(schema.Id), TableSchemaJson.Write(schema), cancellationToken).ConfigureAwait(false);
        if (published)
        {
            _known[schema.Id] = schema;
        }

        return published;
    }

    /// <summary>Changes the newest schema, again and again until no other change came between.</summary>
    /// <param name="change">Makes the changes; asked once for each attempt.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new schema.</returns>
    /// <exception cref="PaimonException">Invalid: a change cannot be applied, or there is no table.</exception>
    public async ValueTask<TableSchema> ChangeAsync(Action<SchemaDraft> change, CancellationToken cancellationToken = default)
    {
        for (; ; )
        {
            var latest = await LatestAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new PaimonException(ErrorKind.Invalid, $"{_paths.Root} holds no table: there is no schema.");
            var newest = await new SnapshotManager(_fileIO, _paths).LatestIdAsync(cancellationToken).ConfigureAwait(false);
            var draft = new SchemaDraft(latest, hasSnapshots: newest is not null);
            change(draft);
            var changed = draft.Finish(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            if (await TryCreateAsync(changed, cancellationToken).ConfigureAwait(false))
            {
                return changed;
            }
        }
    }

    private async ValueTask CheckBranchesAsync(TableSchema schema, CancellationToken cancellationToken)
    {
        const string Fallback = "scan.fallback-branch";
        const string Primary = "scan.primary-branch";
        var named = new[] { Fallback, Primary }.Where(key => !string.IsNullOrWhiteSpace(schema.Options.GetValueOrDefault(key))).ToList();
        if (named.Count == 2)
        {
            PaimonException.ThrowInvalid($"Options '{Fallback}' and '{Primary}' cannot be used together.");
        }

        foreach (var key in named)
        {
            var branch = schema.Options[key];
            var ids = await SmallFiles.ListIdsAsync(
                _fileIO, _paths.OfBranch(branch).SchemaDirectory, TablePaths.SchemaPrefix, cancellationToken).ConfigureAwait(false);
            if (ids.Count == 0)
            {
                PaimonException.ThrowInvalid($"Option '{key}' is '{branch}': there is no such branch; make it first.");
            }
        }
    }
}
