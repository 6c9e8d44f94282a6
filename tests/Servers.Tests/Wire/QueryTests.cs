using System.Text;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>Text results of real servers of both families.</summary>
public sealed class QueryTests(BothServers servers) : IClassFixture<BothServers>
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rows_of_a_big_result_arrive_complete_and_without_an_object_each(ServerKind kind)
    {
        const int Count = 300_000;
        var server = servers.Get(kind);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(
            "CREATE TABLE digit (d INT); INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);"
            + "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40), n INT);"
            + "INSERT INTO t SELECT a.d+10*b.d+100*c.d+1000*d.d+10000*e.d+100000*f.d, "
            + "CONCAT('value-', a.d, 'é'), IF(a.d = 3, NULL, a.d) "
            + "FROM digit a, digit b, digit c, digit d, digit e, digit f WHERE f.d < 3", database);
        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(server, "root", "") with { Database = database, SslMode = SslMode.Disabled });
        await using var reader = await connection.QueryAsync("SELECT id, v, n FROM t ORDER BY id");
        long rows = 0, sum = 0, nulls = 0, wrong = 0, allocated = 0;
        while (await reader.ReadAsync())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            do
            {
                var row = reader.Current;
                wrong += row.GetInt64(0) == rows && row[1].StartsWith("value-"u8) ? 0 : 1;
                nulls += row.IsNull(2) ? 1 : 0;
                sum += row.IsNull(2) ? 0 : row.GetInt64(2);
                rows++;
            }
            while (reader.TryReadBuffered());
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal((0, 0), (wrong, allocated));
        Assert.Equal((Count, 30_000, 30_000L * 42), (rows, nulls, sum));
        Assert.Equal(["id", "v", "n"], reader.Columns.Select(c => c.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Value_longer_than_a_packet_chunk_arrives_whole(ServerKind kind)
    {
        var server = servers.Get(kind);
        await server.ExecuteAsync("SET GLOBAL max_allowed_packet = 1073741824");
        await using var connection = await WireServer.ConnectRootAsync(server);
        foreach (var length in (int[])[0xffffff - 4, 0xffffff - 5, 0xffffff, 40_000_000])
        {
            await using var reader = await connection.QueryAsync($"SELECT REPEAT('x', {length}), 'end'");

            Assert.True(await reader.ReadAsync());
            Assert.Equal(length, reader.Current[0].Length);
            Assert.False(reader.Current[0].ContainsAnyExcept((byte)'x'));
            Assert.Equal("end", reader.Current.GetText(1));
            Assert.False(await reader.ReadAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Statement_longer_than_a_packet_chunk_is_sent_whole(ServerKind kind)
    {
        var server = servers.Get(kind);
        await server.ExecuteAsync("SET GLOBAL max_allowed_packet = 1073741824");
        await using var connection = await WireServer.ConnectRootAsync(server);
        var head = "SELECT LENGTH('";
        foreach (var total in (int[])[0xffffff - 1, 0xffffff, 20_000_000])
        {
            var length = total - head.Length - 3;

            var answer = await WireServer.ScalarAsync(connection, $"{head}{new string('x', length)}')");

            Assert.Equal(length.ToString(), answer);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Error_leaves_the_session_usable(ServerKind kind)
    {
        await using var connection = await WireServer.ConnectRootAsync(servers.Get(kind));

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.ExecuteAsync("SELEC 1"));

        Assert.Equal((1064, "42000", ErrorKind.Invalid), (error.Code, error.SqlState, error.Kind));
        Assert.Contains("SELEC 1", error.Message, StringComparison.Ordinal);
        Assert.Equal("2", await WireServer.ScalarAsync(connection, "SELECT 1 + 1"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Changes_report_their_rows_and_keys(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await server.CreateDatabaseAsync();
        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(server, "root", "") with { Database = database });

        await connection.ExecuteAsync("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        var insert = await connection.ExecuteAsync("INSERT INTO t (v) VALUES (1), (2), (3)");
        var select = await connection.ExecuteAsync("SELECT * FROM t");

        Assert.Equal(new CommandResult(3, 1, 0), insert);
        Assert.Equal(default, select);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Results_of_a_procedure_follow_one_another(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await server.CreateDatabaseAsync();
        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(server, "root", "") with { Database = database });
        await connection.ExecuteAsync("CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 'a', 'b'; END");

        await using (var reader = await connection.QueryAsync("CALL p()"))
        {
            Assert.True(await reader.ReadAsync());
            Assert.True(await reader.NextResultAsync());
            Assert.True(await reader.ReadAsync());
            Assert.Equal("b", reader.Current.GetText(1));
            Assert.True(await reader.NextResultAsync());
            Assert.Empty(reader.Columns);
            Assert.False(await reader.NextResultAsync());
        }

        await connection.PingAsync();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reader_that_is_left_early_frees_the_session(ServerKind kind)
    {
        await using var connection = await WireServer.ConnectRootAsync(servers.Get(kind));
        await using (var reader = await connection.QueryAsync("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"))
        {
            Assert.True(await reader.ReadAsync());
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.PingAsync());
        }

        Assert.Equal("5", await WireServer.ScalarAsync(connection, "SELECT 5"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Killed_session_is_a_transient_error(ServerKind kind)
    {
        var server = servers.Get(kind);
        await using var connection = await WireServer.ConnectRootAsync(server);
        await server.ExecuteAsync($"KILL {connection.ConnectionId}");

        var error = await Assert.ThrowsAnyAsync<PaimonException>(async () =>
        {
            await connection.ExecuteAsync("SELECT 1");
            await connection.ExecuteAsync("SELECT 1");
        });

        Assert.True(error.IsTransient, error.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Cancelled_query_closes_the_session(ServerKind kind)
    {
        await using var connection = await WireServer.ConnectRootAsync(servers.Get(kind));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await connection.ExecuteAsync("SELECT SLEEP(30)", cancel.Token));

        Assert.False(connection.IsOpen);
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await connection.PingAsync());
        Assert.Equal(ErrorKind.Closed, error.Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Silence_longer_than_the_read_timeout_is_transient(ServerKind kind)
    {
        await using var connection = await MySqlConnection.ConnectAsync(
            WireServer.Options(servers.Get(kind), "root", "") with { ReadTimeout = TimeSpan.FromSeconds(2) });

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await connection.ExecuteAsync("SELECT SLEEP(30)"));

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Text_is_utf8_both_ways(ServerKind kind)
    {
        await using var connection = await WireServer.ConnectRootAsync(servers.Get(kind));

        var hex = await WireServer.ScalarAsync(connection, "SELECT HEX('aé€😀')");
        var text = await WireServer.ScalarAsync(connection, "SELECT 'aé€😀'");

        Assert.Equal(Convert.ToHexString(Encoding.UTF8.GetBytes("aé€😀")), hex);
        Assert.Equal("aé€😀", text);
    }
}
