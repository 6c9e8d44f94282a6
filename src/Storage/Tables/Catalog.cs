using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The tables below a warehouse directory, laid out as Paimon's filesystem catalog: a database is a directory
/// <c>name.db</c>, a table a directory in it that holds a schema file (docs/format.md#warehouse). Safe for several threads.
/// </summary>
public sealed class Catalog
{
    private const string DatabaseSuffix = ".db";

    private readonly StorageEnvironment _environment;

    private Catalog(string warehouse, StorageEnvironment environment)
    {
        Warehouse = warehouse;
        _environment = environment;
    }

    /// <summary>The warehouse directory's absolute path.</summary>
    public string Warehouse { get; }

    /// <summary>Opens a warehouse, making its directory when it is not there.</summary>
    /// <param name="warehouse">A directory; a relative path starts at the current directory.</param>
    /// <param name="environment">Files, clock, log; the local disk by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async ValueTask<Catalog> OpenAsync(
        string warehouse, StorageEnvironment? environment = null, CancellationToken cancellationToken = default)
    {
        var (root, actual) = StorageEnvironments.Resolve(warehouse, environment);
        if (!await actual.FileIO.ExistsAsync(root, cancellationToken).ConfigureAwait(false))
        {
            // Not for one that is there: making it durable costs readers time, and the first write below it does so anyway.
            await actual.FileIO.CreateDirectoryAsync(root, cancellationToken).ConfigureAwait(false);
        }

        return new Catalog(root, actual);
    }

    /// <summary>The names of the databases, sorted.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<string>> ListDatabasesAsync(CancellationToken cancellationToken = default)
    {
        var entries = await _environment.FileIO.ListAsync(Warehouse, cancellationToken).ConfigureAwait(false);
        return
        [
            .. entries.Where(entry => entry.IsDirectory && entry.Name.EndsWith(DatabaseSuffix, StringComparison.Ordinal))
                .Select(entry => entry.Name[..^DatabaseSuffix.Length])
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Makes a database; nothing happens when it is there.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask CreateDatabaseAsync(string database, CancellationToken cancellationToken = default) =>
        _environment.FileIO.CreateDirectoryAsync(DatabasePath(database), cancellationToken);

    /// <summary>The tables of a database, sorted; none when there is no such database.</summary>
    /// <param name="database">The database's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<Identifier>> ListTablesAsync(
        string database, CancellationToken cancellationToken = default)
    {
        var tables = new List<Identifier>();
        var entries = await _environment.FileIO.ListAsync(DatabasePath(database), cancellationToken).ConfigureAwait(false);
        foreach (var entry in entries.Where(entry => entry.IsDirectory).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var table = new Identifier(database, entry.Name);
            if (await TableExistsAsync(table, cancellationToken).ConfigureAwait(false))
            {
                tables.Add(table);
            }
        }

        return tables;
    }

    /// <summary>Makes a table, and its database when that is not there.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="definition">Columns, keys and options.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid or Unsupported: the definition is refused. Conflict: there is
    /// such a table already.</exception>
    public async ValueTask<Table> CreateTableAsync(
        Identifier table, TableDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var schema = SchemaFactory.Create(definition, _environment.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        SchemaFactory.CheckUsable(schema);
        return await CreateTableAsync(table, schema, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a table with its first schema, and its database when that is not there.</summary>
    internal async ValueTask<Table> CreateTableAsync(
        Identifier table, TableSchema schema, CancellationToken cancellationToken = default)
    {
        var schemas = new SchemaManager(_environment, new TablePaths(TablePath(table)));
        if (await schemas.LatestAsync(cancellationToken).ConfigureAwait(false) is not null
            || !await schemas.TryCreateAsync(schema, cancellationToken).ConfigureAwait(false))
        {
            throw new PaimonException(ErrorKind.Conflict, $"The table {table} exists already in {Warehouse}.");
        }

        return await GetTableAsync(table, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a table with its newest schema.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="options">Table options that win over those of the schema for this object.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: there is no such table.</exception>
    public async ValueTask<Table> GetTableAsync(
        Identifier table,
        IReadOnlyDictionary<string, string>? options = null,
        CancellationToken cancellationToken = default) =>
        await Table.TryOpenAsync(table.ToString(), TablePath(table), options, _environment, cancellationToken)
            .ConfigureAwait(false)
        ?? throw new PaimonException(ErrorKind.Invalid, $"There is no table {table} in {Warehouse}.");

    /// <summary>True when there is such a table.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<bool> TableExistsAsync(Identifier table, CancellationToken cancellationToken = default)
    {
        var schemas = new SchemaManager(_environment, new TablePaths(TablePath(table)));
        return (await schemas.ListIdsAsync(cancellationToken).ConfigureAwait(false)).Count > 0;
    }

    /// <summary>
    /// Removes a table with all its files, for good; nothing happens when it is not there. Who reads or writes the table at
    /// the same time fails.
    /// </summary>
    /// <param name="table">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask DropTableAsync(Identifier table, CancellationToken cancellationToken = default) =>
        _environment.FileIO.DeleteDirectoryAsync(TablePath(table), cancellationToken);

    /// <summary>
    /// Keeps other writers that ask for it out of a table, in this process and others of the machine. Writers need not
    /// ask: it is for those that must be alone, such as a mirror of a source.
    /// </summary>
    /// <param name="table">The name of a table that is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What lets the table go when it is disposed; the end of the process does so, too.</returns>
    /// <exception cref="PaimonException">Conflict: somebody else holds the table.</exception>
    public ValueTask<IDisposable> LockForWritingAsync(Identifier table, CancellationToken cancellationToken = default) =>
        WriterLock.AcquireAsync(_environment.FileIO, TablePath(table), table.ToString(), cancellationToken);

    /// <summary>Commits a new schema with all changes or none; open writers keep their schema until they are told.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="changes">What to change, in order.</param>
    /// <returns>The new schema, for <see cref="TableWriter.ApplySchemaAsync"/>; the newest one where nothing is to change.</returns>
    /// <exception cref="PaimonException">Invalid: there is no such table, or a change cannot be applied to it.</exception>
    public async ValueTask<TableSchema> AlterTableAsync(Identifier table, params IReadOnlyList<SchemaChange> changes)
    {
        var opened = await GetTableAsync(table).ConfigureAwait(false);
        return await opened.AlterAsync(changes).ConfigureAwait(false);
    }

    private string DatabasePath(string database) => $"{Warehouse}/{Check(database)}{DatabaseSuffix}";

    private string TablePath(Identifier table) => $"{DatabasePath(table.Database)}/{Check(table.Table)}";

    private static string Check(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny('/', '\\', '$') || name is "." or "..")
        {
            PaimonException.ThrowInvalid($"'{name}' names no database or table: a name is not empty and has no '/', '\\' or '$'.");
        }

        return name;
    }
}
