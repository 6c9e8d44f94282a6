using System.Text;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing.Wire;

namespace PaimonSharp.Cdc.Tests.Wire;

/// <summary>What only a scripted peer can do: odd packets, slow bytes, wrong answers, recorded conversations.</summary>
public sealed class FakeServerTests
{
    public static TheoryData<string> Dumps =>
    [
        "wire-mysql-9.7/dump-pos-start-nonblock", "wire-mysql-9.7/dump-live-rotate-heartbeat",
        "wire-mariadb-11.8/dump-pos-start-annotate", "wire-mariadb-11.8/dump-live-rotate-heartbeat",
    ];

    public static TheoryData<string> Queries =>
    [
        "wire-mysql-9.7/query-text-resultset", "wire-mysql-9.7/query-text-resultset-deprecate-eof",
        "wire-mariadb-11.8/query-text-resultset", "wire-mariadb-11.8/query-text-resultset-deprecate-eof",
    ];

    [Fact]
    public async Task Bytes_that_dribble_in_make_the_same_rows()
    {
        foreach (var capabilities in (uint[])[FakeMySqlSession.NoTls, FakeMySqlSession.NoTlsWithEof])
        {
            await using var server = new FakeMySqlServer(async session =>
            {
                await session.AcceptAsync(capabilities);
                await session.ReceiveAsync();
                await session.SendAsync([1], 1);
                await session.SendAsync(Column("v"), 1);
                if (capabilities == FakeMySqlSession.NoTlsWithEof)
                {
                    await session.SendAsync([0xfe, 0, 0, 2, 0], 1);
                }

                await session.SendAsync([2, (byte)'h', (byte)'i'], 1);
                await session.SendAsync([0xfb], 1);
                await session.SendAsync(
                    capabilities == FakeMySqlSession.NoTls ? [0xfe, 0, 0, 2, 0, 0, 0] : [0xfe, 0, 0, 2, 0], 1);
            });
            await using var connection = await ConnectAsync(server);

            var rows = await connection.QueryRowsAsync("SELECT v FROM t");

            Assert.Equal([["hi"], [null]], rows);
        }
    }

    [Fact]
    public async Task Packet_above_the_limit_is_refused()
    {
        await using var server = new FakeMySqlServer(async session =>
        {
            await session.AcceptAsync();
            await session.ReceiveAsync();
            await session.SendAsync([1]);
            await session.SendAsync(Column("v"));
            await Assert.ThrowsAnyAsync<IOException>(() => session.SendAsync(new byte[40_000_000]));
        });
        await using var connection = await MySqlConnection.ConnectAsync(
            Options(server) with { MaxPacketBytes = MySqlConnectionOptions.SmallestMaxPacketBytes });

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await connection.QueryRowsAsync("SELECT v"));

        Assert.Contains("max-packet", error.Message, StringComparison.Ordinal);
        Assert.False(connection.IsOpen);
    }

    [Theory]
    [InlineData("mysql_clear_password", ErrorKind.Refused)]
    [InlineData("client_ed25519", ErrorKind.Unsupported)]
    [InlineData("parsec", ErrorKind.Unsupported)]
    [InlineData("dialog", ErrorKind.Unsupported)]
    public async Task Plugin_that_would_show_the_password_or_is_unknown_gets_no_answer(string plugin, ErrorKind kind)
    {
        await using var server = new FakeMySqlServer(async session =>
        {
            await session.SendAsync(FakeMySqlSession.Greeting());
            await session.ReceiveAsync();
            await session.SendAsync([0xfe, .. Encoding.ASCII.GetBytes(plugin), 0, .. new byte[20], 0]);
            await Assert.ThrowsAnyAsync<IOException>(session.ReceiveAsync);
        });

        var error = await Assert.ThrowsAsync<PaimonException>(() => ConnectAsync(server));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(plugin, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql_clear_password")]
    [InlineData("sha256_password")]
    [InlineData("")]
    public async Task First_answer_never_holds_the_password(string plugin)
    {
        await using var server = new FakeMySqlServer(async session =>
        {
            await session.SendAsync(FakeMySqlSession.Greeting(plugin));
            var answer = Encoding.Latin1.GetString(await session.ReceiveAsync());
            Assert.DoesNotContain("hunter2", answer, StringComparison.Ordinal);
            await session.SendAsync(FakeMySqlSession.Ok);
        });

        await using var connection = await ConnectAsync(server);

        Assert.Equal(7u, connection.ConnectionId);
    }

    [Fact]
    public async Task Error_before_the_greeting_is_shown()
    {
        await using var server = new FakeMySqlServer(
            session => session.SendAsync(FakeMySqlSession.Error(1040, "Too many connections")));

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => ConnectAsync(server));

        Assert.Equal((1040, "", true), (error.Code, error.SqlState, error.IsTransient));
    }

    [Fact]
    public async Task Port_of_something_else_is_named()
    {
        await using var server = new FakeMySqlServer(
            session => session.SendRawAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n")),
            session => session.SendAsync([0x0b, 8, 5, 26, 0]));

        var web = await Assert.ThrowsAsync<PaimonException>(() => ConnectAsync(server));
        var document = await Assert.ThrowsAsync<PaimonException>(() => ConnectAsync(server));

        Assert.Contains("no port of a MySQL", web.Message, StringComparison.Ordinal);
        Assert.Contains("X protocol", document.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silent_server_runs_into_the_connect_timeout()
    {
        var done = new TaskCompletionSource();
        await using var server = new FakeMySqlServer(_ => done.Task);

        var error = await Assert.ThrowsAsync<PaimonException>(() => MySqlConnection.ConnectAsync(
            Options(server) with { ConnectTimeout = TimeSpan.FromSeconds(2) }));
        done.SetResult();

        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("waiting for the greeting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_host_is_named() => Assert.Contains(
        "'no-such-host.invalid' is not known",
        (await Assert.ThrowsAsync<PaimonException>(() => MySqlConnection.ConnectAsync(
            new MySqlConnectionOptions { Host = "no-such-host.invalid" }))).Message,
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Dumps))]
    public async Task Recorded_dump_gives_the_recorded_events(string name)
    {
        var recording = WireRecording.Load(name);
        var dump = recording.Packets.ToList().FindLastIndex(p => !p.FromServer && p.Payload[0] is 0x12 or 0x1e);
        var answers = recording.Packets.Skip(dump + 1).Where(p => p.FromServer).Select(p => p.Payload).ToList();
        await using var server = new FakeMySqlServer(async session =>
        {
            await session.SendAsync(recording.Packets[0].Payload);
            await session.ReceiveAsync();
            await session.SendAsync(FakeMySqlSession.Ok);
            while ((await session.ReceiveAsync())[0] is not (0x12 or 0x1e))
            {
                await session.SendAsync(FakeMySqlSession.Ok);
            }

            foreach (var answer in answers)
            {
                await session.SendAsync(answer, 700);
            }
        });
        await using var connection = await MySqlConnection.ConnectAsync(Options(server) with { SslMode = SslMode.Disabled });

        await using var stream = await connection.BinlogDumpAsync(new DumpRequest { ServerId = 9 });
        foreach (var answer in answers.Where(a => a[0] == 0))
        {
            Assert.True(await stream.ReadEventAsync());
            Assert.Equal(answer[1..], stream.CurrentEvent.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Recorded_results_are_read_to_their_end(string name)
    {
        var packets = WireRecording.Load(name).Packets;
        var login = packets.ToList().FindIndex(p => p.FromServer && p.Payload[0] == 0 && p.Sequence >= 2);
        var queries = packets.Skip(login + 1).Where(p => !p.FromServer && p.Payload[0] == 3).ToList();
        var capabilities = BitConverter.ToUInt32(packets[1].Payload) | 0xa0000;
        await using var server = new FakeMySqlServer(async session =>
        {
            await session.AcceptAsync(capabilities & ~0x800u);
            foreach (var packet in packets.Skip(login + 1))
            {
                if (packet.FromServer)
                {
                    await session.SendAsync(packet.Payload);
                }
                else if (packet.Payload[0] == 3)
                {
                    Assert.Equal(packet.Payload, await session.ReceiveAsync());
                }
            }
        });
        await using var connection = await ConnectAsync(server);

        foreach (var query in queries)
        {
            try
            {
                await connection.ExecuteAsync(Encoding.UTF8.GetString(query.Payload.AsSpan(1)));
            }
            catch (MySqlServerException e)
            {
                Assert.NotEqual(0, e.Code);
            }

            Assert.True(connection.IsOpen);
        }

        Assert.NotEmpty(queries);
    }

    private static MySqlConnectionOptions Options(FakeMySqlServer server) => new()
    {
        Host = "127.0.0.1",
        Port = server.Port,
        User = "u",
        Password = new Secret("hunter2"),
    };

    private static Task<MySqlConnection> ConnectAsync(FakeMySqlServer server) => MySqlConnection.ConnectAsync(Options(server));

    private static byte[] Column(string name) =>
    [
        3, .. "def"u8, 0, 0, 0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0x0c, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0,
    ];
}
