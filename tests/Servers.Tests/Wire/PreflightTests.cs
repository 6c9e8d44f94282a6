using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Servers.Tests.Wire;

/// <summary>What real servers say about themselves before a capture.</summary>
public sealed class PreflightTests
{
    public static TheoryData<ServerKind> Kinds => [ServerKind.MySql97, ServerKind.MariaDb1011];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reader_account_on_a_fit_server_passes(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind);
        await server.CreateReaderAsync("reader", "secret");
        await using var connection = await MySqlConnection.ConnectAsync(WireServer.Options(server, "reader", "secret"));

        var variables = await Preflight.RunAsync(connection);
        var position = await SourcePosition.LoadAsync(connection);

        Assert.Equal(kind != ServerKind.MySql97, variables.Server.IsMariaDb);
        Assert.True(variables.HasGtids);
        Assert.Equal(await server.ScalarAsync("SELECT @@version"), variables.Find("version"));
        Assert.Equal("FULL", variables.Find("binlog_row_metadata"));
        Assert.True(File.Exists(Path.Combine(server.DataFolder, position.File)));
        Assert.Equal(new FileInfo(Path.Combine(server.DataFolder, position.File)).Length, (long)position.Position);
        Assert.Equal(
            await server.ScalarAsync(kind == ServerKind.MySql97 ? "SELECT @@gtid_executed" : "SELECT @@gtid_binlog_pos"),
            position.Gtids);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Variables_that_lose_columns_are_named_with_the_statement_that_mends_them(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind, "--binlog-row-image=MINIMAL", "--binlog-format=MIXED");
        await using var connection = await WireServer.ConnectRootAsync(server);

        var error = await Assert.ThrowsAsync<PreflightException>(async () => await Preflight.RunAsync(connection));
        foreach (var finding in error.Findings)
        {
            await connection.ExecuteAsync(finding.Remedy[..finding.Remedy.IndexOf(',', StringComparison.Ordinal)]);
        }

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Equal(
            [("binlog_format", "MIXED", "ROW"), ("binlog_row_image", "MINIMAL", "FULL")],
            error.Findings.Select(f => (f.Subject, f.Value, f.Expected)));
        await Preflight.RunAsync(connection);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Server_without_a_binary_log_is_refused(ServerKind kind)
    {
        await using var server = await RealServer.StartAsync(kind, "--skip-log-bin");
        await using var connection = await WireServer.ConnectRootAsync(server);

        var check = await Assert.ThrowsAsync<PreflightException>(async () => await Preflight.RunAsync(connection));
        var position = await Assert.ThrowsAsync<PaimonException>(async () => await SourcePosition.LoadAsync(connection));

        Assert.Equal(ErrorKind.Refused, check.Kind);
        Assert.Contains("log_bin is OFF", check.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Refused, position.Kind);
    }

    [Fact]
    public async Task Partial_json_updates_are_refused()
    {
        await using var server = await RealServer.StartAsync(ServerKind.MySql97, "--binlog-row-value-options=PARTIAL_JSON");
        await using var connection = await WireServer.ConnectRootAsync(server);

        var error = await Assert.ThrowsAsync<PreflightException>(async () => await Preflight.RunAsync(connection));

        Assert.Equal("binlog_row_value_options", Assert.Single(error.Findings).Subject);
    }
}
