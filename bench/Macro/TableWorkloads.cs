using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Upserts of rows in random key order, durable every 100 000 rows, and a scan of all columns after a full compaction. Each
/// run is a process of its own, so that its peak memory is its own and nothing is warm that was not warmed there.
/// </summary>
internal static class TableWorkloads
{
    private const string ChildCommand = "once";

    /// <summary>Measures <c>upsert</c> or <c>scan</c>.</summary>
    public static async Task<Report> MeasureAsync(string workload, MacroOptions options)
    {
        var folder = Path.Combine(options.Folder, workload);
        try
        {
            if (workload == "scan")
            {
                await RunChildAsync("prepare", folder, options);
            }

            var name = $"PaimonSharp {options.Compression}";
            return await Harness.MeasureAsync(
                $"{workload} of {options.Rows:N0} rows", options.Runs, [new Contender(name, () => RunChildAsync(workload, folder, options))]);
        }
        finally
        {
            Clear(folder);
        }
    }

    /// <summary>One run in this process: <c>once WORKLOAD FOLDER ROWS COMPRESSION</c>; prints the sample as JSON.</summary>
    public static async Task<int> RunOnceAsync(string workload, string folder, string rows, string compression)
    {
        var rowCount = long.Parse(rows, CultureInfo.InvariantCulture);
        var orders = new OrderTable(rowCount);
        var seconds = workload switch
        {
            "upsert" => await UpsertAsync(orders, folder, compression),
            "prepare" => await PrepareAsync(orders, folder, compression),
            "scan" => await ScanAsync(orders, folder),
            _ => throw new ArgumentException($"There is no workload {workload}.", nameof(workload)),
        };
        Console.WriteLine(JsonSerializer.Serialize(new Sample(seconds.TotalSeconds, rowCount, Harness.PeakBytes())));
        return 0;
    }

    private static async Task<TimeSpan> UpsertAsync(OrderTable orders, string folder, string compression)
    {
        Clear(folder);
        var table = await OrderTable.CreateAsync(folder, OptionsOf(compression));
        await using var writer = table.NewWriter();
        return await orders.WriteAsync(writer);
    }

    private static async Task<TimeSpan> PrepareAsync(OrderTable orders, string folder, string compression)
    {
        Clear(folder);
        var table = await OrderTable.CreateAsync(folder, OptionsOf(compression));
        await using var writer = table.NewWriter();
        var time = await orders.WriteAsync(writer);
        await writer.CompactAsync();
        await writer.CommitAsync();
        return time;
    }

    private static async Task<TimeSpan> ScanAsync(OrderTable orders, string folder)
    {
        var table = await OrderTable.OpenAsync(folder);
        await orders.ScanAsync(table);
        return await orders.ScanAsync(table);
    }

    private static async Task<Sample> RunChildAsync(string workload, string folder, MacroOptions options)
    {
        var rows = options.Rows.ToString(CultureInfo.InvariantCulture);
        string[] arguments = [ChildCommand, workload, folder, rows, options.Compression];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Sample>(output)
            : throw new InvalidOperationException($"{workload}: the run ended with exit code {process.ExitCode}.");
    }

    private static Dictionary<string, string> OptionsOf(string compression) =>
        new() { ["bucket"] = "1", ["file.compression"] = compression };

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
