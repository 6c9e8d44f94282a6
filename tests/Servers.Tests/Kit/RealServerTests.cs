using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Kit;

/// <summary>The kit that every other test on real servers stands on.</summary>
public sealed class RealServerTests(RealServerTests.Servers servers) : IClassFixture<RealServerTests.Servers>
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Values_come_back_as_they_were_written(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v TEXT)", database);
        await server.ExecuteAsync("INSERT INTO t VALUES (1, NULL), (2, 'NULL'), (3, '<a href=\"x\">&lt;\r\n\té')", database);

        var rows = await server.QueryAsync("SELECT id, v FROM t ORDER BY id", database);

        Assert.Equal([["1", null], ["2", "NULL"], ["3", "<a href=\"x\">&lt;\r\n\té"]], rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Binary_log_is_on_in_row_format_with_full_metadata(ServerKind kind)
    {
        var server = servers.Get(kind);

        var rows = await server.QueryAsync("SELECT @@log_bin, @@binlog_format, @@binlog_row_metadata, @@binlog_row_image");

        Assert.Equal([["1", "ROW", "FULL", "FULL"]], rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Committed_rows_survive_a_kill(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (7)", database);
        var port = server.Port;

        await server.KillAsync();
        await server.StartAgainAsync();

        Assert.Equal(port, server.Port);
        Assert.Equal("7", await server.ScalarAsync("SELECT id FROM t", database));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Server_that_stops_cleanly_leaves_no_process(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        var process = server.ProcessId;

        await server.StopAsync();

        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task Two_servers_have_identities_of_their_own()
    {
        await using var other = await RealServer.StartAsync(ServerKind.MySql97);

        Assert.NotEqual(
            await servers.Get(ServerKind.MySql97).ScalarAsync("SELECT @@server_uuid"),
            await other.ScalarAsync("SELECT @@server_uuid"));
    }

    /// <summary>Both servers, shared by the tests of this class.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly MySqlFixture _mySql = new();
        private readonly MariaDbFixture _mariaDb = new();

        public RealServer Get(ServerKind kind) => kind == ServerKind.MySql97 ? _mySql.Server : _mariaDb.Server;

        public async ValueTask InitializeAsync()
        {
            await _mySql.InitializeAsync();
            await _mariaDb.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _mySql.DisposeAsync();
            await _mariaDb.DisposeAsync();
        }
    }
}
