using PaimonSharp.Cdc.Sync;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>A sync goes on after restarts and new binlog files, with GTIDs and without, and says so when it cannot.</summary>
public sealed class ResumeTests
{
    public static TheoryData<ServerKind, string> Servers => new()
    {
        { ServerKind.MySql97, "--gtid-mode=ON --enforce-gtid-consistency=ON" },
        { ServerKind.MySql97, "--gtid-mode=OFF --binlog-checksum=NONE" },
        { ServerKind.MySql97, "--gtid-mode=OFF --binlog-transaction-compression=ON" },
        { ServerKind.MariaDb1011, "--log-bin-compress=ON" },
        { ServerKind.MariaDb1011, "--binlog-checksum=NONE" },
    };

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Sync_goes_on_over_restarts_and_new_files(ServerKind kind, string options)
    {
        await using var server = await RealServer.StartAsync(kind, options.Split(' '));
        using var mirror = await Mirror.CreateAsync(server, "resume");
        await mirror.ExecuteAsync(Workload.CreateTables);
        var workload = new Workload(5);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(mirror, stop.Token);
        await mirror.SyncAsync();
        await stop.CancelAsync();
        await load;
        await mirror.ExecuteAsync("FLUSH BINARY LOGS");
        await mirror.Server.RunAnywayAsync(workload.Transactions(20), mirror.Database);
        await mirror.SyncAsync();
        await mirror.Server.RunAnywayAsync(workload.Transactions(20), mirror.Database);
        await server.StopAsync();
        await server.StartAgainAsync();
        await mirror.SyncAsync();
        await mirror.ExecuteAsync("FLUSH BINARY LOGS; FLUSH BINARY LOGS");
        await mirror.Server.RunAnywayAsync(workload.Transactions(20), mirror.Database);
        await server.KillAsync();
        await server.StartAgainAsync();

        await mirror.SyncAsync();

        await mirror.AssertEqualAsync(Workload.Tables);
        await mirror.AssertFoldsAsync(Workload.Tables);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Purged_position_ends_with_5_and_advice(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        using var mirror = await Mirror.CreateAsync(server, "purged");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)");
        await mirror.SyncAsync();
        await mirror.ExecuteAsync("INSERT INTO t VALUES (2); FLUSH BINARY LOGS; INSERT INTO t VALUES (3); FLUSH BINARY LOGS");
        var files = await server.QueryAsync("SHOW BINARY LOGS");
        await server.ExecuteAsync($"PURGE BINARY LOGS TO '{files[^1][0]}'");

        var result = await SyncTool.RunAsync(mirror, "--once");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("purged", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["{\"id\":1}"], await TableRows.ScanAsync(mirror.Folder("t")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Stopped_table_ends_the_tool_with_3_again_and_again(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        using var mirror = await Mirror.CreateAsync(server, "stopped");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)");
        await mirror.SyncAsync();
        await mirror.ExecuteAsync("TRUNCATE t");
        for (var i = 0; i < 2; i++)
        {
            // Not --once: when no table is left to follow, there is nothing to wait for.
            var result = await SyncTool.RunAsync(mirror);

            Assert.Equal(3, result.ExitCode);
            Assert.Contains("TRUNCATE", result.Error + result.Output, StringComparison.Ordinal);
        }

        Assert.Equal(["{\"id\":1}"], await TableRows.ScanAsync(mirror.Folder("t")));
    }

    [Fact]
    public async Task Another_server_without_GTIDs_is_refused()
    {
        await using var one = await RealServer.StartAsync(ServerKind.MySql97, "--gtid-mode=OFF");
        await using var two = await RealServer.StartAsync(ServerKind.MySql97, "--gtid-mode=OFF");
        using var mirror = await Mirror.CreateAsync(one, "other");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY)");
        await mirror.SyncAsync();
        await two.ExecuteAsync($"CREATE DATABASE {mirror.Database}; CREATE TABLE {mirror.Database}.t (id INT PRIMARY KEY)");
        var catalog = await Storage.Tables.Catalog.OpenAsync(mirror.Warehouse);
        var job = SyncJob.FromServer(mirror.Connection() with { Port = two.Port }, catalog, new SyncOptions { StopAtEnd = true });

        var refused = await Assert.ThrowsAsync<PaimonException>(() => job.RunAsync());

        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains("GTID", refused.Message, StringComparison.Ordinal);
    }

    private static async Task LoadAsync(Mirror mirror, CancellationToken stop)
    {
        var workload = new Workload(6);
        while (!stop.IsCancellationRequested)
        {
            await mirror.Server.RunAnywayAsync(workload.Transactions(20), mirror.Database);
        }
    }
}
