using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.DeletionVectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// Finds rows of a bucket by key, in many keys at a time. One object is for one state of the bucket's files:
/// <see cref="UpdateAsync"/> gives that of the next, which keeps the lookup files of the files that stay. Safe for several
/// threads, each with a <see cref="LookupRows"/> of its own.
/// <code>
/// keys.Clear();
/// encoder.Encode(keyColumns, 0, count, keys);                      keys ascend
/// await levels.LookupAsync(keys, fromLevel: 1, rows, token);       rows.RowOf(key), rows.Batch, rows.FileOf(row) ...
/// </code>
/// </summary>
internal sealed class LookupLevels
{
    private readonly LookupStore _store;
    private readonly LookupFileBuilder _builder;
    private readonly string _directory;
    private readonly long _schemaId;
    private readonly RowType _keyType;
    private readonly bool _hasRows;
    private readonly Dictionary<string, LookupRunFile> _files;

    /// <summary>Prepares to look into a bucket; no file is opened yet.</summary>
    /// <param name="store">The lookup files, shared by all buckets.</param>
    /// <param name="schema">The schema to read with: files of older schemas are read as it says.</param>
    /// <param name="readers">Opens the bucket's data files; without deletion vectors.</param>
    /// <param name="directory">The bucket's directory, which tells its files from those of others.</param>
    /// <param name="levels">The bucket's files.</param>
    /// <param name="hasRows">
    /// True to find whole rows with kinds and sequence numbers; false to find out whether and where a key is, for less.
    /// </param>
    /// <param name="deletions">
    /// The deleted rows of a data file by its name, null where it has none; asked for every row found, so that deletions which
    /// are made later count too. A deleted row is not found. Null where the table has no deletion vectors, or to find deleted
    /// rows as well.
    /// </param>
    public LookupLevels(
        LookupStore store,
        TableSchema schema,
        KeyValueFileReaderFactory readers,
        string directory,
        Levels levels,
        bool hasRows,
        Func<string, DeletionVector?>? deletions = null)
    {
        _store = store;
        _builder = new LookupFileBuilder(store.Options, schema, readers, hasRows);
        _directory = directory;
        _schemaId = schema.Id;
        _keyType = schema.TrimmedPrimaryKeyType;
        _hasRows = hasRows;
        Deletions = deletions;
        _files = new Dictionary<string, LookupRunFile>(StringComparer.Ordinal);
        RunArray = Open(levels, previous: null);
    }

    private LookupLevels(LookupLevels previous, Levels levels, Func<string, DeletionVector?>? deletions)
    {
        _store = previous._store;
        _builder = previous._builder;
        _directory = previous._directory;
        _schemaId = previous._schemaId;
        _keyType = previous._keyType;
        _hasRows = previous._hasRows;
        Deletions = deletions;
        _files = new Dictionary<string, LookupRunFile>(StringComparer.Ordinal);
        RunArray = Open(levels, previous._files);
    }

    /// <summary>The columns that can be had of a row: those of the schema without the partition's; none for keys alone.</summary>
    public RowType Columns => _builder.Columns;

    /// <summary>Encodes the trimmed primary key.</summary>
    public KeyEncoder Encoder => _builder.Encoder;

    /// <summary>All runs: level 0, newest first, then one for each level that has files.</summary>
    public IReadOnlyList<LookupRun> Runs => RunArray;

    /// <summary>The same, for loops over every key.</summary>
    public LookupRun[] RunArray { get; }

    /// <summary>The deleted rows of data files.</summary>
    public Func<string, DeletionVector?>? Deletions { get; }

    /// <summary>Room for what is found.</summary>
    /// <param name="fields">The positions of the columns wanted among <see cref="Columns"/>.</param>
    public LookupRows CreateRows(ReadOnlySpan<int> fields) => new(Columns, fields, _hasRows);

    /// <summary>Room for what is found, with all columns.</summary>
    public LookupRows CreateRows() => CreateRows([.. Enumerable.Range(0, Columns.Fields.Count)]);

    /// <summary>The same bucket with other files: after a compaction or a commit. Lookup files of those that left are removed.</summary>
    /// <param name="levels">The bucket's files now.</param>
    /// <param name="deletions">The deleted rows now.</param>
    public async ValueTask<LookupLevels> UpdateAsync(Levels levels, Func<string, DeletionVector?>? deletions)
    {
        var next = new LookupLevels(this, levels, deletions);
        foreach (var (name, file) in _files)
        {
            if (!next._files.ContainsKey(name))
            {
                await _store.RetireAsync(file.Id).ConfigureAwait(false);
            }
        }

        return next;
    }

    /// <summary>
    /// Finds keys in the levels from one on, on the lowest level that has them: as levels go, that is the newest row. Rows come
    /// by level, within a level in the order of the keys.
    /// </summary>
    /// <param name="keys">The keys, ascending.</param>
    /// <param name="fromLevel">The first level, 1 or higher: on level 0 several files may have a key.</param>
    /// <param name="found">Takes the rows; what it held is forgotten.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask LookupAsync(
        EncodedKeys keys, int fromLevel, LookupRows found, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromLevel, 1);
        found.Begin(keys.Count);
        foreach (var run in Runs)
        {
            if (run.Level >= fromLevel)
            {
                await FindAsync(run, keys, found, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Finds those keys in one run that have not been found yet, in any order of the keys.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="found">Takes the rows besides those it has; begun by the caller.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask FindAsync(
        LookupRun run, EncodedKeys keys, LookupRows found, CancellationToken cancellationToken)
    {
        var place = default(LookupPlace);
        var key = 0;
        while (!Walk(run, keys, ref key, found, ref place))
        {
            place.Loaded = await LoadAsync(place, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds one key in one run without waiting.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    /// <param name="place">
    /// Where it is. In: what <see cref="LoadAsync"/> loaded for the same key, or the default. Out, when the answer is false: what
    /// has to be loaded first.
    /// </param>
    /// <returns>False when it cannot be told without waiting.</returns>
    public bool TryFind(LookupRun run, EncodedKeys keys, int key, ulong hash, ref LookupPlace place)
    {
        place.Row = -1;
        if (run.FileOf(keys, key) is not { } file)
        {
            return true;
        }

        if (file.Lookup is not { } lookup)
        {
            place.Await(file, block: -1);
            return false;
        }

        var index = lookup.BlockOf(keys, key, hash, out var share);
        if (index < 0)
        {
            return true;
        }

        var block = place.LoadedBlock(file, index);
        if (!block.IsPresent)
        {
            block = lookup.Cached(index);
        }

        if (!block.IsPresent)
        {
            place.Await(file, index);
            return false;
        }

        var row = block.Find(keys, key, share);
        if (row >= 0 && !IsDeleted(file, lookup, index, row))
        {
            place.Set(file, lookup, index, block, row);
        }

        return true;
    }

    /// <summary>Loads what <see cref="TryFind"/> lacked; it is to be asked again.</summary>
    /// <param name="place">What it said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The block, to be set as <see cref="LookupPlace.Loaded"/>; the default when there is more to load.</returns>
    public async ValueTask<LookupBlock> LoadAsync(LookupPlace place, CancellationToken cancellationToken)
    {
        var file = place.File!;
        if (file.Lookup is not { } lookup)
        {
            file.Lookup = await _store.GetAsync(
                file.Id, (output, token) => _builder.BuildAsync(file.Meta, output, token), cancellationToken).ConfigureAwait(false);
            return default;
        }

        if (place.BlockIndex < 0)
        {
            // Somebody else has made the lookup file meanwhile.
            return default;
        }

        try
        {
            var block = await lookup.ReadAsync(place.BlockIndex, cancellationToken).ConfigureAwait(false);
            if (!block.IsPresent)
            {
                file.Lookup = null;
            }

            return block;
        }
        catch (CorruptDataException)
        {
            // The error is told once; whoever asks again gets a new file.
            file.Lookup = null;
            await _store.RetireAsync(file.Id).ConfigureAwait(false);
            throw;
        }
    }

    private bool Walk(LookupRun run, EncodedKeys keys, ref int key, LookupRows found, ref LookupPlace place)
    {
        for (; key < keys.Count; key++)
        {
            if (found.RowOf(key) >= 0)
            {
                continue;
            }

            if (!TryFind(run, keys, key, KeyHash.Of(keys, key), ref place))
            {
                return false;
            }

            if (place.Row >= 0)
            {
                found.Add(key, place, run.Level);
            }
        }

        return true;
    }

    private bool IsDeleted(LookupRunFile file, LookupFile lookup, int block, int row) =>
        Deletions is not null
        && Deletions(file.Meta.FileName) is { } deleted
        && deleted.IsDeleted(lookup.FirstRowOf(block) + row);

    private LookupRun[] Open(Levels levels, Dictionary<string, LookupRunFile>? previous)
    {
        var runs = new LookupRun[levels.Runs.Count];
        for (var i = 0; i < runs.Length; i++)
        {
            var run = levels.Runs[i];
            var files = run.Run.Files.Select(file => FileOf(file, previous)).ToArray();
            runs[i] = new LookupRun(run.Level, files, new KeyRanges(run.Run.Files, _keyType));
        }

        return runs;
    }

    // A file that was moved up a level is the same file.
    private LookupRunFile FileOf(DataFileMeta meta, Dictionary<string, LookupRunFile>? previous)
    {
        var id = new LookupFileId(meta.ExternalPath ?? $"{_directory}/{meta.FileName}", _hasRows ? _schemaId : -1, _hasRows);
        var file = new LookupRunFile(meta, id) { Lookup = previous?.GetValueOrDefault(meta.FileName)?.Lookup };
        _files[meta.FileName] = file;
        return file;
    }
}
