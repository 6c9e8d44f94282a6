using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The tables below a warehouse directory, laid out as Paimon's filesystem catalog: a database is a directory
/// <c>name.db</c>, a table a directory in it that holds a schema file (docs/format.md#warehouse). Safe for several threads.
/// </summary>
public sealed class Catalog
{
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
    public static ValueTask<Catalog> OpenAsync(
        string warehouse, StorageEnvironment? environment = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The names of the databases, sorted.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<string>> ListDatabasesAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a database; nothing happens when it is there.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask CreateDatabaseAsync(string database, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>The tables of a database, sorted.</summary>
    /// <param name="database">The database's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<Identifier>> ListTablesAsync(string database, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a table, and its database when that is not there.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="definition">Columns, keys and options.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid or Unsupported: the definition is refused. Conflict: there is
    /// such a table already.</exception>
    public ValueTask<Table> CreateTableAsync(
        Identifier table, TableDefinition definition, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Opens a table with its newest schema.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="options">Table options that win over those of the schema for this object.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: there is no such table.</exception>
    public ValueTask<Table> GetTableAsync(
        Identifier table,
        IReadOnlyDictionary<string, string>? options = null,
        CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>True when there is such a table.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<bool> TableExistsAsync(Identifier table, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Removes a table with all its files; nothing happens when it is not there.</summary>
    /// <param name="table">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask DropTableAsync(Identifier table, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Commits a new schema with all changes or none; open writers keep their schema until they are told.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="changes">What to change, in order.</param>
    /// <returns>The new schema, for <see cref="TableWriter.ApplySchemaAsync"/>.</returns>
    public ValueTask<TableSchema> AlterTableAsync(Identifier table, params IReadOnlyList<SchemaChange> changes) =>
        throw new NotImplementedException();
}
