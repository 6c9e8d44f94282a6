using System.Buffers.Binary;
using System.Text;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>Binlog dumps of real servers of both families: starts, ends, heartbeats, refusals.</summary>
public sealed class BinlogDumpTests(BothServers servers) : IClassFixture<BothServers>
{
    private const byte Rotate = 4;
    private const byte FormatDescription = 15;
    private const byte Heartbeat = 27;
    private static uint _nextServerId = 1000;

    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dump_by_position_gives_the_bytes_of_the_file(ServerKind kind)
    {
        var server = servers.Get(kind);
        var database = await server.CreateDatabaseAsync();
        await server.ExecuteAsync("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)", database);
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        await server.ExecuteAsync("INSERT INTO t VALUES (1, 'a'), (2, REPEAT('é', 100000)); DELETE FROM t WHERE id = 1", database);
        await using var status = await ConnectAsync(server);
        var end = await SourcePosition.LoadAsync(status);
        Assert.Equal(start.File, end.File);

        await using var stream = await connection.BinlogDumpAsync(
            Request() with { File = start.File, Position = start.Position, NonBlocking = true });
        var events = await ReadAllAsync(stream);

        Assert.Equal([Rotate, FormatDescription], events.Take(2).Select(TypeOf));
        var file = await ReadSharedAsync(Path.Combine(server.DataFolder, start.File));
        var expected = file[(int)start.Position..(int)end.Position];
        Assert.Equal(expected, events.Skip(2).SelectMany(e => e).Take(expected.Length).ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dump_from_the_oldest_file_passes_through_every_file(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await server.ExecuteAsync("FLUSH BINARY LOGS; CREATE DATABASE d; FLUSH BINARY LOGS; CREATE DATABASE e");
        await using var connection = await ConnectAsync(server);
        var logs = await connection.QueryRowsAsync("SHOW BINARY LOGS");

        await using var stream = await connection.BinlogDumpAsync(Request() with { NonBlocking = true });
        var events = await ReadAllAsync(stream);

        var files = events.Where(e => TypeOf(e) == Rotate && BinaryPrimitives.ReadUInt32LittleEndian(e) == 0)
            .Select(e => RotateTarget(e, checksumBytes: 4));
        Assert.Equal(logs.Select(l => l[0]), files);
        Assert.False(await stream.ReadEventAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dump_by_gtid_begins_after_what_the_reader_has(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await server.ExecuteAsync("CREATE DATABASE before_start");
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        Assert.NotEqual("", start.Gtids);
        await server.ExecuteAsync("CREATE DATABASE after_start");

        var request = Request() with { NonBlocking = true };
        await using var stream = await connection.BinlogDumpAsync(
            kind == ServerKind.MySql97
                ? request with { EncodedGtidSet = EncodeGtids(start.Gtids) }
                : request with { MariaDbGtidPosition = start.Gtids });
        var text = string.Concat((await ReadAllAsync(stream)).Select(Encoding.Latin1.GetString));

        Assert.Contains("CREATE DATABASE after_start", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CREATE DATABASE before_start", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dump_waits_with_heartbeats_and_then_sends_new_events(ServerKind kind)
    {
        var server = servers.Get(kind);
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        await using var stream = await connection.BinlogDumpAsync(Request() with
        {
            File = start.File,
            Position = start.Position,
            HeartbeatPeriod = TimeSpan.FromMilliseconds(100),
        });
        Assert.True(await stream.ReadEventAsync());
        Assert.True(await stream.ReadEventAsync());
        Assert.True(await stream.ReadEventAsync());
        Assert.Equal(Heartbeat, TypeOf(stream.CurrentEvent.ToArray()));

        var database = await server.CreateDatabaseAsync("live");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Assert.True(await stream.ReadEventAsync(limit.Token));
            if (Encoding.Latin1.GetString(stream.CurrentEvent.Span).Contains(database, StringComparison.Ordinal))
            {
                break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Event_longer_than_a_packet_chunk_arrives_whole(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind, "--max-allowed-packet=1G", "--innodb-log-buffer-size=64M");
        await server.ExecuteAsync("CREATE DATABASE d; CREATE TABLE d.t (v LONGBLOB)");
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        await using (var writer = await ConnectAsync(server))
        {
            await writer.ExecuteAsync("INSERT INTO d.t VALUES (REPEAT('z', 3000000))");
        }

        await server.ExecuteAsync("INSERT INTO d.t SELECT CONCAT(v, v, v, v, v, v, v) FROM d.t");

        await using var stream = await connection.BinlogDumpAsync(
            Request() with { File = start.File, Position = start.Position, NonBlocking = true });
        var longest = (await ReadAllAsync(stream)).MaxBy(e => e.Length)!;

        Assert.InRange(longest.Length, 21_000_000, 21_001_000);
        Assert.Equal(longest.Length, BinaryPrimitives.ReadInt32LittleEndian(longest.AsSpan(9)));
        Assert.Equal(21_000_000, longest.Count(b => b == (byte)'z'), tolerance: 10);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Purged_file_is_refused_with_advice(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        await server.ExecuteAsync("CREATE DATABASE d; FLUSH BINARY LOGS");
        await PurgeAsync(server);

        var error = await DumpFailsAsync(connection, Request() with { File = start.File, Position = start.Position });

        Assert.Equal((1236, ErrorKind.Refused), (error.Code, error.Kind));
        Assert.Contains("take a new snapshot", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Purged_gtids_are_refused_with_advice(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await server.ExecuteAsync("CREATE DATABASE c");
        await using var connection = await ConnectAsync(server);
        var start = await SourcePosition.LoadAsync(connection);
        await server.ExecuteAsync("CREATE DATABASE d; FLUSH BINARY LOGS; CREATE DATABASE e; FLUSH BINARY LOGS");
        await PurgeAsync(server);

        var error = await DumpFailsAsync(connection, kind == ServerKind.MySql97
            ? Request() with { EncodedGtidSet = EncodeGtids(start.Gtids) }
            : Request() with { MariaDbGtidPosition = start.Gtids });

        Assert.Equal((1236, ErrorKind.Refused), (error.Code, error.Kind));
        Assert.Contains("take a new snapshot", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Position_past_the_end_is_refused(ServerKind kind)
    {
        await using var connection = await ConnectAsync(servers.Get(kind));
        var start = await SourcePosition.LoadAsync(connection);

        var error = await DumpFailsAsync(connection, Request() with { File = start.File, Position = start.Position + 1_000_000 });

        Assert.Equal((1236, ErrorKind.Refused), (error.Code, error.Kind));
        Assert.Contains("not where an event begins", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Account_without_the_replication_privilege_is_refused_by_check_and_by_dump(ServerKind kind)
    {
        var server = servers.Get(kind);
        await WireServer.CreateAsync(server, "poor", $"IDENTIFIED BY '{WireServer.Password}'");
        await using var connection = await MySqlConnection.ConnectAsync(WireServer.Options(server, "poor"));

        var check = await Assert.ThrowsAsync<PreflightException>(async () => await Preflight.RunAsync(connection));
        var dump = await DumpFailsAsync(connection, Request());

        Assert.Equal(ErrorKind.Refused, check.Kind);
        Assert.Contains("GRANT REPLICATION SLAVE ON *.* TO 'poor'@'%'", check.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Refused, dump.Kind);
        Assert.Contains("GRANT REPLICATION SLAVE", dump.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Second_replica_of_the_same_uuid_throws_the_first_out(ServerKind kind)
    {
        var server = servers.Get(kind);
        await using var one = await ConnectAsync(server);
        await using var two = await ConnectAsync(server);
        var request = Request() with { ReplicaUuid = "11111111-2222-3333-4444-555555555555" };
        await using var first = await one.BinlogDumpAsync(request);
        Assert.True(await first.ReadEventAsync());
        await using var second = await two.BinlogDumpAsync(request);
        Assert.True(await second.ReadEventAsync());

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () =>
        {
            while (await first.ReadEventAsync())
            {
            }
        });

        Assert.Equal(ErrorKind.Refused, error.Kind);
        Assert.Contains("Another replica connected", error.Message, StringComparison.Ordinal);
        Assert.Contains(request.ReplicaUuid, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Server_that_dies_during_a_dump_is_a_transient_error(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        await using var stream = await connection.BinlogDumpAsync(Request());
        Assert.True(await stream.ReadEventAsync());

        await server.KillAsync();
        var error = await Assert.ThrowsAnyAsync<PaimonException>(async () =>
        {
            while (await stream.ReadEventAsync())
            {
            }
        });
        var refused = await Assert.ThrowsAsync<PaimonException>(() => ConnectAsync(server));

        Assert.True(error.IsTransient, error.ToString());
        Assert.True(refused.IsTransient);
        Assert.Contains("nothing listens", refused.Message, StringComparison.Ordinal);
        var closed = await Assert.ThrowsAsync<PaimonException>(async () => await stream.ReadEventAsync());
        Assert.Equal(ErrorKind.Closed, closed.Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Server_that_stops_during_a_dump_is_a_transient_error(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        await using var stream = await connection.BinlogDumpAsync(Request());
        Assert.True(await stream.ReadEventAsync());

        var stop = server.StopAsync();
        var error = await Assert.ThrowsAnyAsync<PaimonException>(async () =>
        {
            while (await stream.ReadEventAsync())
            {
            }
        });
        await stop;

        Assert.True(error.IsTransient, error.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Killed_dump_is_a_transient_error(ServerKind kind)
    {
        var server = servers.Get(kind);
        await using var connection = await ConnectAsync(server);
        await using var stream = await connection.BinlogDumpAsync(Request());
        Assert.True(await stream.ReadEventAsync());

        await server.ExecuteAsync($"KILL {connection.ConnectionId}");
        var error = await Assert.ThrowsAnyAsync<PaimonException>(async () =>
        {
            while (await stream.ReadEventAsync())
            {
            }
        });

        Assert.True(error.IsTransient, error.ToString());
    }

    private static DumpRequest Request() => new() { ServerId = Interlocked.Increment(ref _nextServerId) };

    private static Task<MySqlConnection> ConnectAsync(RealServer server) => WireServer.ConnectRootAsync(server);

    private static async Task<MySqlServerException> DumpFailsAsync(MySqlConnection connection, DumpRequest request) =>
        await Assert.ThrowsAsync<MySqlServerException>(async () =>
        {
            await using var stream = await connection.BinlogDumpAsync(request with { NonBlocking = true });
            while (await stream.ReadEventAsync())
            {
            }
        });

    /// <summary>Deletes all binlog files but the newest. MariaDB keeps a file until the engine has checkpointed past it.</summary>
    private static async Task PurgeAsync(RealServer server)
    {
        await using var connection = await ConnectAsync(server);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var newest = (await connection.QueryRowsAsync("SHOW BINARY LOGS"))[^1][0];
            await connection.ExecuteAsync($"PURGE BINARY LOGS TO '{newest}'");
            if ((await connection.QueryRowsAsync("SHOW BINARY LOGS")).Count == 1)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("The server kept its old binlog files.");
    }

    private static async Task<List<byte[]>> ReadAllAsync(BinlogStream stream)
    {
        var events = new List<byte[]>();
        while (await stream.ReadEventAsync())
        {
            events.Add(stream.CurrentEvent.ToArray());
        }

        return events;
    }

    private static byte TypeOf(byte[] @event) => @event[4];

    private static string RotateTarget(byte[] @event, int checksumBytes) =>
        Encoding.ASCII.GetString(@event.AsSpan(27..^checksumBytes));

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    /// <summary>The classic encoding of a set of one source: count, uuid, intervals with exclusive ends.</summary>
    private static ReadOnlyMemory<byte> EncodeGtids(string set)
    {
        var parts = set.Split(':');
        var bytes = new List<byte>([1, 0, 0, 0, 0, 0, 0, 0, .. Convert.FromHexString(parts[0].Replace("-", ""))]);
        bytes.AddRange(BitConverter.GetBytes((long)parts.Length - 1));
        foreach (var interval in parts[1..])
        {
            var ends = interval.Split('-');
            bytes.AddRange(BitConverter.GetBytes(long.Parse(ends[0])));
            bytes.AddRange(BitConverter.GetBytes(long.Parse(ends[^1]) + 1));
        }

        return bytes.ToArray();
    }
}
