using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cdc.Sync;

/// <summary>The tables that a sync mirrors, by their source's name. For one thread at a time.</summary>
internal sealed class MirrorSet(Catalog catalog, SyncOptions options, TimeProvider timeProvider) : IAsyncDisposable
{
    private static readonly Dictionary<string, string> DefaultTableOptions = new(StringComparer.Ordinal)
    {
        ["bucket"] = "1",
        ["changelog-producer"] = "input",
    };

    private readonly Dictionary<(string Database, string Name), TableMirror> _mirrors = [];
    private readonly Dictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private readonly Dictionary<Identifier, IDisposable> _locks = [];

    /// <summary>The tables that are followed.</summary>
    public IReadOnlyCollection<TableMirror> All => _mirrors.Values;

    /// <summary>The tables that are not followed any further, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Stopped => _stopped;

    /// <summary>Commits made.</summary>
    public long Commits { get; private set; }

    /// <summary>The tables that share <see cref="SyncOptions.WriteBufferBytes"/>.</summary>
    public int ExpectedTables { get; set; } = 8;

    /// <summary>Whose positions the checkpoints are.</summary>
    public string SourceIdentity { get; set; } = "";

    public TableMirror? Find(string database, string name) => _mirrors.GetValueOrDefault((database, name));

    /// <summary>Opens the table that mirrors a source table, making it when it is not there.</summary>
    /// <returns>The mirror; null when the table was stopped before.</returns>
    public async Task<TableMirror?> OpenAsync(SourceTable source, CancellationToken cancellationToken)
    {
        var name = new Identifier(source.Database, source.Name);
        var isNew = await CreateIfMissingAsync(name, source, cancellationToken).ConfigureAwait(false);
        if (!_locks.ContainsKey(name))
        {
            _locks.Add(name, await catalog.LockForWritingAsync(name, cancellationToken).ConfigureAwait(false));
        }

        var table = await catalog.GetTableAsync(name, BufferShare(), cancellationToken).ConfigureAwait(false);
        var checkpoint = isNew
            ? null
            : await SyncCheckpoint.FindAsync(table, options.Job, cancellationToken).ConfigureAwait(false);
        if (checkpoint?.StoppedBecause is { } reason)
        {
            _stopped[source.QualifiedName] = reason;
            return null;
        }

        CheckKey(table, checkpoint?.Table ?? source);
        var writer = table.NewWriter(options.Job);
        var mirror = new TableMirror(table, writer, checkpoint?.Table ?? source, checkpoint, options.TypeMapping);
        _mirrors.Add((source.Database, source.Name), mirror);
        await AddMissingColumnsAsync(mirror, mirror.Source, cancellationToken).ConfigureAwait(false);
        return mirror;
    }

    /// <summary>
    /// Opens the tables that the job mirrored from this source and that the source no longer has: its binlog says what became
    /// of them, after rows that are not mirrored yet.
    /// </summary>
    /// <param name="database">The source's database; null for all.</param>
    /// <param name="accepts">The tables chosen, by database and name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OpenVanishedAsync(string? database, Func<string, string, bool> accepts, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> databases = await catalog.ListDatabasesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var name in databases.Where(name => database is null || name == database))
        {
            foreach (var table in await catalog.ListTablesAsync(name, cancellationToken).ConfigureAwait(false))
            {
                if (Find(table.Database, table.Table) is not null || _stopped.ContainsKey(table.ToString())
                    || !accepts(table.Database, table.Table))
                {
                    continue;
                }

                var opened = await catalog.GetTableAsync(table, null, cancellationToken).ConfigureAwait(false);
                var checkpoint = await SyncCheckpoint.FindAsync(opened, options.Job, cancellationToken).ConfigureAwait(false);
                if (checkpoint?.Source == SourceIdentity)
                {
                    await OpenAsync(checkpoint.Table, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Goes on with the source's columns as they are from here on, adding those that the table lacks.</summary>
    public async Task EvolveAsync(TableMirror mirror, SourceTable source, CancellationToken cancellationToken)
    {
        await AddMissingColumnsAsync(mirror, source, cancellationToken).ConfigureAwait(false);
        await mirror.EvolveAsync(source, mirror.Schema, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits a mirror's rows with a position.</summary>
    public async Task CommitAsync(TableMirror mirror, BinlogPosition position, CancellationToken cancellationToken)
    {
        var checkpoint = new SyncCheckpoint(SourceIdentity, position, mirror.Source);
        await mirror.CommitAsync(checkpoint, timeProvider.GetTimestamp(), cancellationToken).ConfigureAwait(false);
        Commits++;
    }

    /// <summary>Commits what was read of a table until now, with the reason why it is followed no further, and lets it go.</summary>
    public async Task StopAsync(TableMirror mirror, BinlogPosition position, string reason, CancellationToken cancellationToken)
    {
        mirror.AbandonGroup();
        var checkpoint = new SyncCheckpoint(SourceIdentity, position, mirror.Source, reason);
        await mirror.CommitAsync(checkpoint, timeProvider.GetTimestamp(), cancellationToken).ConfigureAwait(false);
        Commits++;
        _stopped[mirror.Source.QualifiedName] = reason;
        _mirrors.Remove((mirror.Source.Database, mirror.Source.Name));
        await mirror.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Drops what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var mirror in _mirrors.Values)
        {
            await mirror.DisposeAsync().ConfigureAwait(false);
        }

        _mirrors.Clear();
        foreach (var held in _locks.Values)
        {
            held.Dispose();
        }

        _locks.Clear();
    }

    /// <returns>True when the table was made.</returns>
    private async Task<bool> CreateIfMissingAsync(Identifier name, SourceTable source, CancellationToken cancellationToken)
    {
        try
        {
            if (await catalog.TableExistsAsync(name, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            await catalog.CreateTableAsync(name, Define(source), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PaimonException e) when (e.Kind is ErrorKind.Invalid or ErrorKind.Unsupported)
        {
            throw new PaimonException(
                e.Kind,
                $"{source.QualifiedName} cannot be mirrored: {e.Message} '--exclude {source.QualifiedName}' leaves it out.",
                e);
        }
    }

    private async Task AddMissingColumnsAsync(TableMirror mirror, SourceTable source, CancellationToken cancellationToken)
    {
        var missing = source.Columns
            .Where(column => mirror.Schema.RowType.IndexOf(column.Name) < 0)
            .Select(SchemaChange (column) => new SchemaChange.AddColumn(
                column.Name,
                TypeMapping.ToPaimon(column, options.TypeMapping).Nullable(),
                source.ColumnComments.GetValueOrDefault(column.Name)))
            .ToArray();
        if (missing.Length > 0)
        {
            var name = new Identifier(source.Database, source.Name);
            var schema = await catalog.AlterTableAsync(name, missing).ConfigureAwait(false);
            await mirror.EvolveAsync(source, schema, cancellationToken).ConfigureAwait(false);
        }
    }

    private Dictionary<string, string> BufferShare()
    {
        var share = Math.Max(SyncOptions.SmallestBufferBytes, options.WriteBufferBytes / Math.Max(1, ExpectedTables));
        return new Dictionary<string, string>
        {
            ["write-buffer-size"] = $"{share} bytes",
            ["memory-budget"] = $"{share * 2} bytes",
        };
    }

    private TableDefinition Define(SourceTable source)
    {
        var definition = new TableDefinition
        {
            Comment = source.Comment.Length > 0 ? source.Comment : null,
            PrimaryKeys = [.. source.PrimaryKey.Select(column => source.Columns[source.IndexOf(column)].Name)],
        };
        foreach (var column in source.Columns)
        {
            var isKey = source.PrimaryKey.Contains(column.Name, StringComparer.OrdinalIgnoreCase);
            definition = definition.Column(
                column.Name,
                TypeMapping.ToPaimon(column, options.TypeMapping, isKey),
                source.ColumnComments.GetValueOrDefault(column.Name));
        }

        foreach (var (key, value) in DefaultTableOptions.Concat(options.TableOptions))
        {
            definition = definition.Option(key, value);
        }

        return definition;
    }

    private static void CheckKey(Table table, SourceTable source)
    {
        if (!table.Schema.PrimaryKeys.Order(StringComparer.OrdinalIgnoreCase)
            .SequenceEqual(source.PrimaryKey.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase))
        {
            PaimonException.ThrowInvalid(
                $"The table {source.QualifiedName} has the primary key ({string.Join(", ", table.Schema.PrimaryKeys)}), its source " +
                $"({string.Join(", ", source.PrimaryKey)}). Drop the table, or leave it out with --exclude {source.QualifiedName}.");
        }
    }
}
