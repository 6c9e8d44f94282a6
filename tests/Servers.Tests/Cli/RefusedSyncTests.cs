using PaimonSharp.Servers.Tests.Wire;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Cli;

/// <summary>
/// What keeps a sync from a real server from running: each case says what, where and what to do, ends with the exit code that
/// is documented, shows no password, and leaves the warehouse readable.
/// </summary>
public sealed class RefusedSyncTests(BothServers servers) : IClassFixture<BothServers>
{
    private const string Secret = "s3cret-Of-Mine";

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Wrong_password_is_refused_and_what_was_mirrored_stays_readable(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await ShopAsync(server);
        using var warehouse = new TempDirectory();
        (await SyncRun.OfAsync(warehouse, Url(server, "root", database))).Expect(0);

        var wrong = await SyncRun.OfAsync(warehouse, Url(server, "root", database), Secret);
        var rows = await SyncRun.ScanAsync(warehouse, $"{database}.orders");

        wrong.Expect(5, "error: ", "Access denied", "root");
        Assert.DoesNotContain(Secret, wrong.Error + wrong.Output, StringComparison.Ordinal);
        Assert.Equal("{\"id\":1,\"note\":\"one\"}\n", rows.Expect(0).Output);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Password_comes_from_the_variable_a_file_or_the_url_and_is_never_shown(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await ShopAsync(server);
        var user = $"reader{database}";
        await server.CreateReaderAsync(user, Secret);
        using var warehouse = new TempDirectory();
        var file = warehouse.File("password");
        await File.WriteAllTextAsync(file, Secret + "\n", TestContext.Current.CancellationToken);
        var inUrl = Url(server, $"{user}:{Secret}", database);

        var runs = new[]
        {
            await SyncRun.OfAsync(warehouse, Url(server, user, database), Secret),
            await SyncRun.OfAsync(warehouse, Url(server, user, database), null, "--password-file", file),
            await SyncRun.OfAsync(warehouse, inUrl, null),
        };

        Assert.All(runs, run => Assert.DoesNotContain(Secret, run.Expect(0).Error + run.Output, StringComparison.Ordinal));
        runs[2].Expect(0, "warning: ", "command line");
    }

    [Fact]
    public async Task Unknown_hosts_and_silent_ports_are_named_and_not_waited_for()
    {
        using var warehouse = new TempDirectory();

        (await SyncRun.OfAsync(warehouse, "mysql://root@no-such-host.invalid/shop")).Expect(1, "no-such-host.invalid");
        (await SyncRun.OfAsync(warehouse, "mysql://root@127.0.0.1:1/shop")).Expect(1, "127.0.0.1:1");
    }

    [Fact]
    public async Task Tls_that_a_server_does_not_have_is_refused()
    {
        var server = servers.Get(ServerKind.MariaDb1011);
        using var warehouse = new TempDirectory();

        var run = await SyncRun.OfAsync(warehouse, Url(server, "root", "") + "?ssl-mode=required");

        run.Expect(5, "TLS", "ssl-mode");
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused_and_its_authority_can_be_named()
    {
        var server = servers.Get(ServerKind.MySql97);
        var database = await ShopAsync(server);
        using var warehouse = new TempDirectory();
        var url = Url(server, "root", database);

        (await SyncRun.OfAsync(warehouse, url + "?ssl-mode=verify-ca")).Expect(5, "certificate", "ssl-ca");
        (await SyncRun.OfAsync(warehouse, url + "?ssl-mode=verify-ca&ssl-ca=/nowhere.pem")).Expect(2, "/nowhere.pem");
        (await SyncRun.OfAsync(warehouse, url + $"?ssl-mode=verify-ca&ssl-ca={server.DataFolder}/ca.pem")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_server_without_a_binlog_is_refused_with_the_remedy(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind, "--skip-log-bin");
        var database = await ShopAsync(server);
        using var warehouse = new TempDirectory();

        (await SyncRun.OfAsync(warehouse, Url(server, "root", database))).Expect(5, "log_bin", "--log-bin");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_server_that_does_not_log_whole_rows_is_refused_with_the_remedy(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind, "--binlog-format=STATEMENT", "--binlog-row-image=MINIMAL");
        var database = await ShopAsync(server);
        using var warehouse = new TempDirectory();

        (await SyncRun.OfAsync(warehouse, Url(server, "root", database)))
            .Expect(3, "binlog_format", "SET GLOBAL binlog_format = 'ROW'", "binlog_row_image");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_missing_privilege_is_named_with_the_grant_that_gives_it(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await ShopAsync(server);
        var user = $"poor{database}";
        await server.ExecuteAsync($"CREATE USER '{user}'@'%' IDENTIFIED BY '{Secret}'; GRANT SELECT ON `{database}`.* TO '{user}'@'%'");
        using var warehouse = new TempDirectory();

        var run = await SyncRun.OfAsync(warehouse, Url(server, user, database), Secret);

        run.Expect(5, "REPLICATION SLAVE", $"GRANT REPLICATION SLAVE ON *.* TO '{user}'@'%'");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_purged_position_is_refused_with_what_to_do_and_rows_stay_readable(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        var database = await ShopAsync(server);
        using var warehouse = new TempDirectory();
        (await SyncRun.OfAsync(warehouse, Url(server, "root", database))).Expect(0);
        await server.ExecuteAsync("INSERT INTO orders VALUES (2, 'two'); FLUSH BINARY LOGS; INSERT INTO orders VALUES (3, 'three'); FLUSH BINARY LOGS", database);
        var newest = (await server.QueryAsync("SHOW BINARY LOGS"))[^1][0];
        await server.ExecuteAsync($"PURGE BINARY LOGS TO '{newest}'");

        var run = await SyncRun.OfAsync(warehouse, Url(server, "root", database));
        var rows = await SyncRun.ScanAsync(warehouse, $"{database}.orders");

        run.Expect(5, "purged", "snapshot");
        Assert.Equal("{\"id\":1,\"note\":\"one\"}\n", rows.Expect(0).Output);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_table_without_a_primary_key_is_left_out_with_a_warning_unless_keys_are_required(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await ShopAsync(server);
        await server.ExecuteAsync("CREATE TABLE loose (a INT); INSERT INTO loose VALUES (1)", database);
        using var warehouse = new TempDirectory();

        var lenient = await SyncRun.OfAsync(warehouse, Url(server, "root", database));
        var strict = await SyncRun.OfAsync(warehouse, Url(server, "root", database), "", "--require-primary-key");

        lenient.Expect(0, "warning: ", $"{database}.loose", "primary key");
        (await SyncRun.ScanAsync(warehouse, $"{database}.orders")).Expect(0);
        (await SyncRun.ScanAsync(warehouse, $"{database}.loose")).Expect(2);
        strict.Expect(2, $"{database}.loose", "primary key", "--exclude");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_database_that_is_not_there_is_named(ServerKind kind)
    {
        using var warehouse = new TempDirectory();

        (await SyncRun.OfAsync(warehouse, Url(servers.Get(kind), "root", "nowhere_to_be_seen"))).Expect(2, "nowhere_to_be_seen");
    }

    private static string Url(RealServer server, string account, string database) =>
        $"mysql://{account}@127.0.0.1:{server.Port}/{database}";

    private static async Task<string> ShopAsync(RealServer server)
    {
        var database = await server.CreateDatabaseAsync("shop");
        await server.ExecuteAsync("CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(20)); INSERT INTO orders VALUES (1, 'one')", database);
        return database;
    }
}
