using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Testing.Servers;

/// <summary>
/// A real server on a free loopback port, with a fresh data folder, the binary log on in ROW format with full
/// metadata, and root without a password. It can be stopped, killed and started again on the same data and port.
/// SQL runs through the server's own command-line client, so that what a test expects does not depend on our client.
/// </summary>
public sealed partial class RealServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);
    private readonly TempDirectory _folder = new("server");
    private readonly string[] _options;
    private ChildProcess? _process;
    private int _databases;

    private RealServer(ServerKind kind, string[] options)
    {
        Kind = kind;
        _options = options;
    }

    /// <summary>Which server this is.</summary>
    public ServerKind Kind { get; }

    /// <summary>Whether it is of the MariaDB family.</summary>
    public bool IsMariaDb => Kind != ServerKind.MySql97;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The data folder: binlog files, <c>error.log</c> and, for MySQL, the certificates it makes.</summary>
    public string DataFolder => _folder.File("data");

    /// <summary>The Unix socket.</summary>
    public string SocketPath => Path.Combine(DataFolder, "s.sock");

    /// <summary>The server's process id while it runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Starts a server with a fresh data folder; skips the test, aloud, when it is not on this machine.</summary>
    /// <param name="kind">Which server.</param>
    /// <param name="options">More server options, each as <c>--name=value</c>; they win over the defaults.</param>
    public static async Task<RealServer> StartAsync(ServerKind kind, params string[] options)
    {
        ServerInstallation.SkipUnlessPresent(ServerInstallation.Name(kind), "run-server");
        var server = new RealServer(kind, options);
        try
        {
            var template = await ServerInstallation.DataTemplateAsync(kind);
            (await Command.RunAsync("cp", "-a", "--reflink=auto", template, server.DataFolder)).EnsureSuccess();
            await server.StartOnFreePortAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements as root; the test fails when one fails.</summary>
    /// <param name="sql">Statements separated by <c>;</c>.</param>
    /// <param name="database">The database to use.</param>
    public async Task ExecuteAsync(string sql, string database = "") =>
        (await RunClientAsync(sql, database, "--batch")).EnsureSuccess();

    /// <summary>Runs statements as root and gives how that ended, for statements that are expected to fail.</summary>
    /// <param name="sql">Statements separated by <c>;</c>.</param>
    /// <param name="database">The database to use.</param>
    public Task<CommandResult> TryExecuteAsync(string sql, string database = "") =>
        RunClientAsync(sql, database, "--batch");

    /// <summary>Runs statements as root, also those after one that fails.</summary>
    /// <param name="sql">Statements separated by <c>;</c>.</param>
    /// <param name="database">The database to use.</param>
    public Task<CommandResult> RunAnywayAsync(string sql, string database) => RunClientAsync(sql, database, "--force");

    /// <summary>
    /// Runs a query as root; rows of text values as the server prints them, null for NULL. Ask for <c>HEX(column)</c>
    /// where the bytes are not text.
    /// </summary>
    /// <param name="sql">The query.</param>
    /// <param name="database">The database to use.</param>
    public async Task<IReadOnlyList<string?[]>> QueryAsync(string sql, string database = "")
    {
        var result = (await RunClientAsync(sql, database, "--xml")).EnsureSuccess();
        var rows = new List<string?[]>();
        foreach (Match row in RowPattern().Matches(result.Output))
        {
            rows.Add([.. FieldPattern().Matches(row.Value).Select(FieldValue)]);
        }

        return rows;
    }

    /// <summary>The first value of a query's first row.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="database">The database to use.</param>
    public async Task<string?> ScalarAsync(string sql, string database = "") => (await QueryAsync(sql, database))[0][0];

    /// <summary>Creates a database with a name of its own, so that tests can share a server.</summary>
    /// <param name="prefix">How the name begins.</param>
    public async Task<string> CreateDatabaseAsync(string prefix = "test")
    {
        var name = $"{prefix}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE `{name}`");
        return name;
    }

    /// <summary>Creates an account, open from everywhere, with what a reader of the binlog needs.</summary>
    /// <param name="user">The account's name.</param>
    /// <param name="password">Its password; without quotes or backslashes.</param>
    public Task CreateReaderAsync(string user, string password) => ExecuteAsync(
        $"CREATE USER '{user}'@'%' IDENTIFIED BY '{password}';"
        + $"GRANT SELECT, RELOAD, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO '{user}'@'%'");

    /// <summary>Kills the server (SIGKILL), as a crash of its machine's process would.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Stops the server cleanly (SIGTERM) and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
        {
            _process.SendTerminate();
            await _process.WaitAsync(StartTimeout);
            await KillAsync();
        }
    }

    /// <summary>Starts a stopped or killed server again on the same data and port.</summary>
    /// <param name="options">Options for this start only, after those of the first start.</param>
    public async Task StartAgainAsync(params string[] options)
    {
        Assert.Null(_process);
        Assert.True(await TryStartAsync(options), $"the server did not start again:\n{ErrorLog()}");
    }

    /// <summary>Kills the server and removes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Dispose();
    }

    private async Task StartOnFreePortAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            if (await TryStartAsync([]))
            {
                return;
            }

            // Another program may have taken the port between the question and the start.
            Assert.True(attempt < 3, $"{Kind} did not start:\n{ErrorLog()}");
        }
    }

    private async Task<bool> TryStartAsync(string[] more)
    {
        string[] defaults = ["--binlog-row-metadata=FULL", "--innodb-buffer-pool-size=64M"];
        _process = ChildProcess.Start(
            ServerInstallation.Program(ServerInstallation.Name(Kind), "run-server"),
            [DataFolder, .. defaults, .. _options, .. more],
            new Dictionary<string, string?> { ["PORT"] = Port.ToString() });
        var deadline = TimeProvider.System.GetUtcNow() + StartTimeout;
        while (!_process.HasExited && TimeProvider.System.GetUtcNow() < deadline)
        {
            if (await GreetsAsync())
            {
                return true;
            }

            await Task.Delay(50);
        }

        await KillAsync();
        return false;
    }

    /// <summary>Whether the port answers with the server's greeting and the process that answers is ours.</summary>
    private async Task<bool> GreetsAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            var greeting = new byte[5];
            await client.GetStream().ReadExactlyAsync(greeting, timeout.Token);
            return greeting[4] == 10 && !_process!.HasExited && File.Exists(Path.Combine(DataFolder, "server.pid"));
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private Task<CommandResult> RunClientAsync(string sql, string database, string form)
    {
        var client = ServerInstallation.Program(ServerInstallation.Name(Kind), IsMariaDb ? "mariadb" : "mysql");
        string[] arguments =
        [
            "--no-defaults", "--user=root", $"--socket={SocketPath}", "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G", "--binary-mode", form, .. database.Length > 0 ? [database] : Array.Empty<string>(),
        ];
        return Command.RunAsync(client, arguments, TimeSpan.FromMinutes(5), sql);
    }

    private string ErrorLog()
    {
        var path = Path.Combine(DataFolder, "error.log");
        return File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(30)) : "(no error log)";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FieldValue(Match field) => field.Groups["null"].Success
        ? null
        : field.Groups["value"].Value
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal)
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal);

    // The client escapes <, >, & and quotes in values and nothing else, so that a value's end is unmistakable.
    [GeneratedRegex("<row>.*?</row>", RegexOptions.Singleline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("<field name=\"[^\"]*\"(?:(?<null> xsi:nil=\"true\") />|>(?<value>[^<]*)</field>)")]
    private static partial Regex FieldPattern();
}
