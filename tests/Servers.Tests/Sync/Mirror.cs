using PaimonSharp.Cdc.Sync;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>A warehouse that mirrors a database of a real server, and the comparison of the two.</summary>
internal sealed class Mirror(RealServer server, string database) : IDisposable
{
    private readonly TempDirectory _folder = new("mirror");

    public RealServer Server => server;

    public string Database => database;

    public string Warehouse => _folder.File("warehouse");

    /// <summary>What the syncs warned of, in order.</summary>
    public List<string> Warnings { get; } = [];

    public static async Task<Mirror> CreateAsync(RealServer server, string purpose) =>
        new(server, await server.CreateDatabaseAsync(purpose));

    public Task ExecuteAsync(string sql) => server.ExecuteAsync(sql, database);

    public string Folder(string table) => Path.Combine(Warehouse, $"{database}.db", table);

    /// <summary>Mirrors up to the end of the binlog as of now, in this process.</summary>
    public async Task<SyncResult> SyncAsync(SyncOptions? options = null, bool allDatabases = false)
    {
        var catalog = await Catalog.OpenAsync(Warehouse);
        var job = SyncJob.FromServer(Connection(allDatabases), catalog, (options ?? new SyncOptions()) with { StopAtEnd = true });
        job.Warned += Warnings.Add;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var result = await job.RunAsync(timeout.Token);
        Assert.False(timeout.IsCancellationRequested, "the sync did not come to the end of the binlog");
        return result;
    }

    public MySqlConnectionOptions Connection(bool allDatabases = false) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = "root",
        Database = allDatabases ? null : database,
    };

    /// <summary>Fails when the mirroring table has other rows than the server's.</summary>
    public async Task AssertEqualAsync(params IEnumerable<string> tables)
    {
        var checks = new List<Action>();
        foreach (var table in tables)
        {
            var shape = await ServerRows.DescribeAsync(server, database, table);
            var expected = await shape.ReadServerAsync();
            var actual = shape.Canonical(await TableRows.ScanAsync(Folder(table)));
            checks.Add(() => TableProof.AssertSame(expected, actual, $"{database}.{table} ({shape.ColumnTypes})"));
        }

        Assert.Multiple([.. checks]);
    }

    /// <summary>Fails when the changes of a mirroring table, replayed strictly, are not its rows.</summary>
    public async Task AssertFoldsAsync(params IEnumerable<string> tables)
    {
        foreach (var table in tables)
        {
            var folded = TableRows.Fold(await TableRows.ChangesAsync(Folder(table)), Folder(table));
            TableProof.AssertSame(await TableRows.ScanAsync(Folder(table)), folded, $"{database}.{table}: the folded changelog");
        }
    }

    public void Dispose() => _folder.Dispose();
}
