using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>What jobs share that work on one table of a catalog, as one user.</summary>
/// <param name="files">The disk.</param>
/// <param name="seed">Where the names of files come from.</param>
/// <param name="name">The table's name.</param>
/// <param name="user">Who commits.</param>
internal abstract class TableJob(IFileIO files, int seed, string name, string user)
{
    private readonly StorageEnvironment _environment = new(files) { Ids = new SeededIds(seed) };

    /// <summary>The number of the last commit that the table confirmed to this object.</summary>
    public long Acknowledged { get; protected set; }

    /// <summary>The disk.</summary>
    protected IFileIO Files => _environment.FileIO;

    /// <summary>The table's name.</summary>
    protected Identifier Name { get; } = new("shop", name);

    /// <summary>Who commits.</summary>
    protected string User => user;

    /// <summary>The number of the last commit that the table holds; 0 when it holds none or is not there.</summary>
    public async Task<long> CommittedAsync() => await OpenAsync() is { } table ? await CommittedAsync(table) : 0;

    /// <summary>All snapshots, oldest first.</summary>
    public async Task<IReadOnlyList<TableSnapshot>> SnapshotsAsync() =>
        await OpenAsync() is { } table ? await table.SnapshotsAsync() : [];

    /// <summary>The number of the last commit that a table holds, 0 for none.</summary>
    protected async Task<long> CommittedAsync(Table table) => (await table.LatestSnapshotOfUserAsync(user))?.CommitIdentifier ?? 0;

    /// <summary>The warehouse.</summary>
    protected ValueTask<Catalog> OpenCatalogAsync() => Catalog.OpenAsync("/warehouse", _environment);

    /// <summary>The table, null when it is not there.</summary>
    protected async Task<Table?> OpenAsync()
    {
        var catalog = await OpenCatalogAsync();
        return await catalog.TableExistsAsync(Name) ? await catalog.GetTableAsync(Name) : null;
    }

    /// <summary>The table, which is made when it is not there.</summary>
    /// <param name="definition">What it is like.</param>
    protected async Task<Table> OpenOrCreateAsync(TableDefinition definition) =>
        await OpenAsync() ?? await (await OpenCatalogAsync()).CreateTableAsync(Name, definition);
}
