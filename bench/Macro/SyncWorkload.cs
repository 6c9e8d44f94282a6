using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Cdc.Sync;
using PaimonSharp.Cdc.Wire;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// A running server's binlog into a table, with the sync's default options: the whole load waits in the binlog, so that the
/// rate is ours and not the server's. Beside it the server's own tool, which only copies the same stream into files, and the
/// sync's snapshot of the same table. The floor is 100,000 rows/s.
/// </summary>
internal static class SyncWorkload
{
    /// <summary>The command of one run in a process of its own: <c>sync-once URL WAREHOUSE</c>.</summary>
    public const string ChildCommand = "sync-once";

    /// <summary>The rows inserted by default; half as many are updated.</summary>
    public const string DefaultRows = "1000000";

    /// <summary>Starts a server, fills its binlog, measures.</summary>
    public static async Task<Report> MeasureAsync(MacroOptions options, ServerKind kind)
    {
        if (!ServerInstallation.IsPresent(kind))
        {
            throw new InvalidOperationException(
                $"{kind} is not in {ServerInstallation.Folder}: run tests/servers/get-servers.sh {ServerInstallation.Name(kind)}");
        }

        var folder = Path.Combine(options.Folder, "sync");
        Clear(folder);
        await using var server = await RealServer.StartAsync(
            kind,
            "--innodb-buffer-pool-size=1G",
            kind == ServerKind.MySql97 ? "--innodb-redo-log-capacity=1G" : "--innodb-log-file-size=1G",
            "--sync-binlog=0",
            "--innodb-flush-log-at-trx-commit=0",
            "--max-binlog-size=1073741824");
        try
        {
            // The snapshot is taken while the table is empty: everything then comes by the binlog.
            var url = $"mysql://root@127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}/bench";
            await server.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "sync-orders.sql")));
            await server.ExecuteAsync("FLUSH BINARY LOGS");
            var firstLog = await LastLogAsync(server);
            var begun = Path.Combine(folder, "begun");
            await RunChildAsync(url, begun);
            var rows = options.Rows.ToString(CultureInfo.InvariantCulture);
            await server.ExecuteAsync($"CALL numbers.fill({rows}); CALL numbers.change_half({rows})");
            var size = new DirectoryInfo(server.DataFolder).EnumerateFiles("binlog.0*").Sum(file => file.Length);
            var target = Path.Combine(folder, "warehouse");
            return await Harness.MeasureAsync(
                $"sync of {options.Rows * 3 / 2:N0} changes, {size / 1e6:N0} MB of binlog, from {kind}",
                options.Runs,
                [
                    new Contender("PaimonSharp sync", () => SyncAsync(url, begun, target)),
                    new Contender($"{DumpTool(server)} --raw", () => DumpAsync(server, firstLog, Path.Combine(folder, "dump"))),
                    new Contender("PaimonSharp snapshot", () => SyncAsync(url, null, target)),
                ]);
        }
        finally
        {
            Clear(folder);
        }
    }

    /// <summary>One run in this process, to the binlog's end; prints the sample as JSON.</summary>
    public static async Task<int> RunOnceAsync(string url, string warehouse)
    {
        var catalog = await Catalog.OpenAsync(warehouse);
        var job = SyncJob.FromServer(MySqlUrl.Parse(url), catalog, new SyncOptions { StopAtEnd = true });
        job.Warned += Console.Error.WriteLine;
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var result = await job.RunAsync();
        var sample = new Sample(watch.Elapsed.TotalSeconds, result.SnapshotRows + result.ChangedRows, Harness.PeakBytes());
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Rows:N0} rows in {sample.Seconds:N2} s = {sample.Rows / sample.Seconds:N0} rows/s, {result.Commits} commits, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / 1e6:N0} MB allocated, {GC.GetTotalPauseDuration().TotalMilliseconds:N0} ms "
            + $"in {GC.CollectionCount(0)} collections, {Environment.CpuUsage.TotalTime.TotalSeconds:N2} s of processor"));
        Console.WriteLine(JsonSerializer.Serialize(sample));
        return 0;
    }

    private static async Task<Sample> SyncAsync(string url, string? begun, string warehouse)
    {
        Clear(warehouse);
        if (begun is not null)
        {
            CopyFolder(begun, warehouse);
        }

        return await RunChildAsync(url, warehouse);
    }

    private static async Task<Sample> RunChildAsync(string url, string warehouse)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [ChildCommand, url, warehouse]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_TieredPGO"] = "0"; // as the tool's own build has it
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Sample>(output)
            : throw new InvalidOperationException($"The sync ended with exit code {process.ExitCode}.");
    }

    private static async Task<Sample> DumpAsync(RealServer server, string firstLog, string folder)
    {
        Clear(folder);
        Directory.CreateDirectory(folder);
        string[] arguments =
        [
            "--no-defaults", "--read-from-remote-server", "--raw", "--to-last-log", "--user=root", "--host=127.0.0.1",
            $"--port={server.Port.ToString(CultureInfo.InvariantCulture)}", $"--result-file={folder}/", firstLog,
        ];
        var program = ServerInstallation.Program(ServerInstallation.Name(server.Kind), DumpTool(server));
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new Sample(watch.Elapsed.TotalSeconds)
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
    }

    private static string DumpTool(RealServer server) => server.IsMariaDb ? "mariadb-binlog" : "mysqlbinlog";

    private static async Task<string> LastLogAsync(RealServer server) => (await server.QueryAsync("SHOW BINARY LOGS"))[^1][0]!;

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
