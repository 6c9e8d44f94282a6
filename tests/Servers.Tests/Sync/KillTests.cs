using System.Globalization;
using PaimonSharp.Testing.Processes;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>
/// The tool and the server are killed at random moments while load goes on: no row is lost or doubled, and every change has its
/// place. PAIMON_KILLS says how often the tool is killed.
/// </summary>
public sealed class KillTests
{
    private const int ServerKills = 5;

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("PAIMON_KILLS"), CultureInfo.InvariantCulture, out var n) ? n : 8;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Killed_tool_goes_on_where_it_was(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        using var mirror = await Mirror.CreateAsync(server, "kill");
        await FillAsync(mirror);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(mirror, stop.Token);
        var random = new Random(7);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Half of the kills fall into the start and the snapshot, half into the stream.
            await using var tool = SyncTool.Start(mirror, "--commit-interval", "200ms");
            await Task.Delay(random.Next(2) == 0 ? random.Next(250, 900) : random.Next(900, 2500));
            Assert.False(tool.HasExited, $"the tool ended by itself:\n{tool.Error}\n{tool.Output}");
            tool.Kill();
        }

        await stop.CancelAsync();
        await load;
        (await SyncTool.RunAsync(mirror, "--once")).EnsureSuccess();
        await ProveAsync(mirror);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Killed_server_is_waited_for_and_followed_on(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(
            kind, "--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1");
        using var mirror = await Mirror.CreateAsync(server, "crash");
        await FillAsync(mirror);
        var random = new Random(11);
        await using var tool = SyncTool.Start(mirror, "--commit-interval", "200ms");
        await WaitForAsync(tool, () => Directory.Exists(mirror.Folder("bytes")));
        for (var kill = 0; kill < ServerKills; kill++)
        {
            using var stop = new CancellationTokenSource();
            var load = LoadAsync(mirror, stop.Token);
            await Task.Delay(random.Next(kill == 0 ? 0 : 1000, 2000));
            await server.KillAsync();
            await stop.CancelAsync();
            await load;
            await server.StartAgainAsync();
        }

        await mirror.Server.RunAnywayAsync(new Workload(99).Transactions(30), mirror.Database);
        Assert.False(tool.HasExited, $"the tool ended by itself:\n{tool.Error}\n{tool.Output}");
        await WaitUntilEqualAsync(mirror, tool);
        tool.SendInterrupt();
        var end = await tool.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(130, end.ExitCode);
        (await SyncTool.RunAsync(mirror, "--once")).EnsureSuccess();
        await ProveAsync(mirror);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Interrupt_commits_and_ends_with_130(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        using var mirror = await Mirror.CreateAsync(server, "interrupt");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)");
        await using var tool = SyncTool.Start(mirror, "--commit-interval", "1h");
        await WaitForAsync(tool, () => Directory.Exists(Path.Combine(mirror.Folder("t"), "snapshot")));
        await mirror.ExecuteAsync("INSERT INTO t VALUES (2), (3)");
        await Task.Delay(500);

        tool.SendInterrupt();
        var result = await tool.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(130, result.ExitCode);
        await mirror.AssertEqualAsync("t");
        await TableProof.ProveAsync(mirror.Folder("t"));
    }

    private static async Task FillAsync(Mirror mirror)
    {
        await mirror.ExecuteAsync(Workload.CreateTables);
        await mirror.ExecuteAsync(
            """
            CREATE TABLE much (id INT PRIMARY KEY, v VARCHAR(100), n INT);
            INSERT INTO much WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 1000)
              SELECT i, REPEAT('x', 80), i FROM r;
            INSERT INTO much SELECT id + 1000, v, n FROM much;
            """);
        for (var thousands = 2; thousands <= 16; thousands *= 2)
        {
            await mirror.ExecuteAsync($"INSERT INTO much SELECT id + {thousands * 1000}, v, n FROM much");
        }

        await mirror.Server.RunAnywayAsync(new Workload(1).Transactions(100), mirror.Database);
    }

    private static async Task LoadAsync(Mirror mirror, CancellationToken stop)
    {
        var workload = new Workload(2);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var sql = workload.Transactions(20)
                + $"UPDATE much SET n = n + 1 WHERE id % 997 = {i % 997}; DELETE FROM much WHERE id = {i * 13}; "
                + $"UPDATE much SET id = -id WHERE id % 4999 = {i % 4999};\n";
            await mirror.Server.RunAnywayAsync(sql, mirror.Database);
        }
    }

    private static async Task WaitUntilEqualAsync(Mirror mirror, ChildProcess tool)
    {
        var deadline = Environment.TickCount64 + 90_000;
        while (true)
        {
            try
            {
                await mirror.AssertEqualAsync([.. Workload.Tables, "much"]);
                return;
            }
            catch (Exception) when (Environment.TickCount64 < deadline && !tool.HasExited)
            {
                await Task.Delay(500);
            }
        }
    }

    private static async Task WaitForAsync(ChildProcess tool, Func<bool> condition)
    {
        for (var i = 0; i < 300 && !condition(); i++)
        {
            await Task.Delay(100);
        }

        Assert.True(condition(), $"the tool did not come so far:\n{tool.Error}\n{tool.Output}");
    }

    private static async Task ProveAsync(Mirror mirror)
    {
        await mirror.AssertEqualAsync([.. Workload.Tables, "much"]);
        await TableProof.ProveWarehouseAsync(mirror.Warehouse);
    }
}
