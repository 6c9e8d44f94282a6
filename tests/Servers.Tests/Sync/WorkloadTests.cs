using System.Globalization;
using PaimonSharp.Cdc.Sync;
using PaimonSharp.Servers.Tests.Wire;
using PaimonSharp.Testing.Readers;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>
/// Random loads, running while the snapshot is taken and while the binlog is followed; after each round the tables are the
/// server's, row by row, and so is their folded changelog. PAIMON_WORKLOAD_ROUNDS says how many rounds.
/// </summary>
public sealed class WorkloadTests(BothServers servers) : IClassFixture<BothServers>
{
    private const int Writers = 3;

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("PAIMON_WORKLOAD_ROUNDS"), CultureInfo.InvariantCulture, out var n) ? n : 2;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Load_during_the_snapshot_leaves_no_gap_and_no_double(ServerKind kind)
    {
        for (var round = 0; round < Rounds; round++)
        {
            using var mirror = await Mirror.CreateAsync(servers.Get(kind), "load");
            await mirror.ExecuteAsync(Workload.CreateTables);
            await RunAsync(mirror, new Workload(round).Transactions(200));

            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Writers).Select(writer => LoadAsync(mirror, (1000 * round) + writer, stop.Token)).ToArray();
            await Task.Delay(200);
            await mirror.SyncAsync(new SyncOptions { CommitInterval = TimeSpan.FromMilliseconds(100) });
            await mirror.SyncAsync(new SyncOptions { CommitInterval = TimeSpan.Zero });
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await mirror.SyncAsync();

            await mirror.AssertEqualAsync(Workload.Tables);
            await mirror.AssertFoldsAsync(Workload.Tables);
        }
    }

    /// <summary>
    /// A transaction is in the binlog for a while before the engine commits it; a snapshot may open in that while, or right after it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Snapshot_opened_while_a_transaction_commits_has_it_once(ServerKind kind)
    {
        using var source = await Mirror.CreateAsync(servers.Get(kind), "commit");
        await source.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 0)");
        if (kind == ServerKind.MySql97)
        {
            await source.ExecuteAsync("SET GLOBAL binlog_group_commit_sync_delay = 1000"); // microseconds
        }

        using var stop = new CancellationTokenSource();
        var load = CountAsync(source, stop.Token);
        for (var round = 0; round < 8 * Rounds; round++)
        {
            using var mirror = new Mirror(source.Server, source.Database);
            await mirror.SyncAsync();
            await mirror.SyncAsync();
            await mirror.AssertFoldsAsync("t");
        }

        await stop.CancelAsync();
        await load;
        if (kind == ServerKind.MySql97)
        {
            await source.ExecuteAsync("SET GLOBAL binlog_group_commit_sync_delay = 0");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rounds_with_added_columns_keep_the_tables_equal(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "rounds");
        await mirror.ExecuteAsync(Workload.CreateTables);
        for (var round = 0; round < 2 * Rounds; round++)
        {
            var workload = new Workload(100 + round);
            await RunAsync(mirror, workload.Transactions(40));
            if (round > 0)
            {
                await RunAsync(mirror, workload.AddColumn() + workload.Transactions(40) + workload.AddColumn() + workload.Transactions(20));
            }

            var result = await mirror.SyncAsync();
            Assert.Empty(result.StoppedTables);
            await mirror.AssertEqualAsync(Workload.Tables);
        }

        await mirror.AssertFoldsAsync(Workload.Tables);
        await TableProof.ProveWarehouseAsync(mirror.Warehouse);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Second_run_without_changes_commits_no_rows(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "idle");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        await mirror.SyncAsync();
        var changes = await TableRows.ChangesAsync(mirror.Folder("t"));

        var result = await mirror.SyncAsync();

        Assert.Equal((0, 0), (result.SnapshotRows, result.ChangedRows));
        Assert.Equal(changes, await TableRows.ChangesAsync(mirror.Folder("t")));
        await mirror.AssertEqualAsync("t");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Transaction_of_200_thousand_rows_arrives_whole(ServerKind kind)
    {
        using var mirror = await Mirror.CreateAsync(servers.Get(kind), "big");
        await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40)); INSERT INTO t VALUES (0, 'first')");
        await mirror.SyncAsync();
        await mirror.ExecuteAsync(
            """
            CREATE TABLE digit (d INT); INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
            START TRANSACTION;
            INSERT INTO t SELECT 1 + a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d + 100000*g.d, CONCAT('row ', f.d, e.d)
              FROM digit a, digit b, digit c, digit e, digit f, digit g WHERE g.d < 2;
            UPDATE t SET v = 'changed' WHERE id % 10 = 3;
            DELETE FROM t WHERE id % 10 = 7;
            COMMIT;
            """);

        var result = await mirror.SyncAsync(new SyncOptions { CommitInterval = TimeSpan.Zero });

        Assert.Equal(240_000, result.ChangedRows);
        await mirror.AssertEqualAsync("t");
        await mirror.AssertFoldsAsync("t");
        Assert.Equal(2, (await TableRows.ChangesAsync(mirror.Folder("t"))).Select(change => change.Snapshot).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Several_databases_are_mirrored_and_a_transaction_over_them_too(ServerKind kind)
    {
        using var one = await Mirror.CreateAsync(servers.Get(kind), "many_one");
        using var two = await Mirror.CreateAsync(servers.Get(kind), "many_two");
        foreach (var mirror in new[] { one, two })
        {
            await mirror.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1), (2, 2)");
        }

        var options = new SyncOptions { Include = ["many_*.*"] };
        await one.SyncAsync(options, allDatabases: true);
        await one.ExecuteAsync($"START TRANSACTION; UPDATE t SET v = 9; DELETE FROM {two.Database}.t WHERE id = 1; COMMIT");
        await one.SyncAsync(options, allDatabases: true);

        var other = Path.Combine(one.Warehouse, $"{two.Database}.db", "t");
        Assert.Equal(["{\"id\":1,\"v\":9}", "{\"id\":2,\"v\":9}"], await TableRows.ScanAsync(one.Folder("t")));
        Assert.Equal(["{\"id\":2,\"v\":2}"], await TableRows.ScanAsync(other));
    }

    private static async Task LoadAsync(Mirror mirror, int seed, CancellationToken stop)
    {
        var workload = new Workload(seed);
        while (!stop.IsCancellationRequested)
        {
            await RunAsync(mirror, workload.Transactions(30));
        }
    }

    private static async Task CountAsync(Mirror mirror, CancellationToken stop)
    {
        var sql = string.Concat(Enumerable.Repeat("UPDATE t SET v = v + 1; DO SLEEP(0.001);", 100));
        while (!stop.IsCancellationRequested)
        {
            await mirror.ExecuteAsync(sql);
        }
    }

    /// <summary>Runs statements of which some may fail.</summary>
    private static Task RunAsync(Mirror mirror, string sql) => mirror.Server.RunAnywayAsync(sql, mirror.Database);
}
