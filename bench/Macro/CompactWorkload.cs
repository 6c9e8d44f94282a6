using System.Globalization;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Bench.Kit.Peers;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// A full compaction of rows that were upserted twice: each key once in one random order, then all again in another, committed
/// every 100 000 rows and not compacted until then. RocksDB does the same with the same rows; the rows that go in count. Ours
/// stores keys once (<c>data-file.thin-mode</c>), as RocksDB does; the table that stores them twice, which is the format's
/// default, is measured beside. The uncompacted folders are made once and copied for each run.
/// </summary>
internal static class CompactWorkload
{
    private const int Passes = 2;
    private const double Floor = 1.5;

    /// <summary>Measures; <c>--rows</c> is the number of keys.</summary>
    public static async Task<Report> MeasureAsync(MacroOptions options)
    {
        var ours = Path.Combine(options.Folder, "compact");
        var wide = Path.Combine(options.Folder, "compact-wide");
        var peer = Path.Combine(options.Folder, "compact-rocksdb");
        try
        {
            await ChildRun.RunAsync("compact-load", ours, options);
            await ChildRun.RunAsync("compact-load-wide", wide, options);
            var contenders = new List<Contender>
            {
                new($"PaimonSharp {options.Compression}", () => RunAsync("compact", ours, options)),
                new("the same, keys twice", () => RunAsync("compact", wide, options)),
            };
            if (RocksDbLibrary.IsPresent)
            {
                await ChildRun.RunAsync("compact-load-rocksdb", peer, options);
                contenders.Add(new Contender("RocksDB lz4, universal", () => RunAsync("compact-rocksdb", peer, options), Floor));
            }

            var report = await Harness.MeasureAsync(
                $"full compaction of {options.Rows * Passes:N0} rows with {options.Rows:N0} keys", options.Runs, contenders);
            return report with { Notes = [.. Notes(options, report)] };
        }
        finally
        {
            ChildRun.Clear(ours);
            ChildRun.Clear(wide);
            ChildRun.Clear(peer);
        }
    }

    /// <summary>One run in this process.</summary>
    public static async Task<Sample> RunOnceAsync(string workload, string folder, MacroOptions options)
    {
        var orders = new OrderTable(options.Rows, options.CommitRows);
        switch (workload)
        {
            case "compact-load" or "compact-load-wide":
                ChildRun.Clear(folder);
                return await LoadAsync(orders, folder, options, isThin: workload == "compact-load");
            case "compact-load-rocksdb":
                ChildRun.Clear(folder);
                RocksDbPeer.Load(orders, folder, Passes);
                return default;
            case "compact":
                return await CompactAsync(orders, folder);
            case "compact-rocksdb":
                return RocksDbPeer.Compact(orders, folder, Passes);
            default:
                throw new ArgumentException($"There is no workload {workload}.", nameof(workload));
        }
    }

    private static async Task<Sample> LoadAsync(OrderTable orders, string folder, MacroOptions options, bool isThin)
    {
        var table = await OrderTable.CreateAsync(
            folder,
            new Dictionary<string, string>(ChildRun.TableOptionsOf(options))
            {
                ["write-only"] = "true",
                ["data-file.thin-mode"] = isThin ? "true" : "false",
            });
        await using var writer = table.NewWriter();
        return await orders.WriteAsync(writer, Passes);
    }

    private static async Task<Sample> CompactAsync(OrderTable orders, string folder)
    {
        var table = (await OrderTable.OpenAsync(folder)).WithOptions(new Dictionary<string, string> { ["write-only"] = "false" });
        var meter = new Meter();
        meter.Start();
        await using (var writer = table.NewWriter())
        {
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        meter.Stop();
        var sample = meter.ToSample(orders.RowCount * Passes);
        await orders.ScanAsync(table);
        return sample with { SpaceBytes = (await table.FilesAsync()).Sum(file => file.SizeBytes) };
    }

    private static async Task<Sample> RunAsync(string workload, string folder, MacroOptions options)
    {
        var copy = folder + "-run";
        ChildRun.Clear(copy);
        try
        {
            Copy(folder, copy);
            return await ChildRun.RunAsync(workload, copy, options);
        }
        finally
        {
            ChildRun.Clear(copy);
        }
    }

    private static void Copy(string folder, string target)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }

    private static IEnumerable<string> Notes(MacroOptions options, Report report)
    {
        var ours = report.Lines[0];
        if (report.Lines.Count == 2)
        {
            yield return RocksDbLibrary.MissingAdvice;
        }
        else
        {
            var peer = report.Lines[2];
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"files after it: {ours.SpaceBytes / 1e6:N0} MB ({report.Lines[1].SpaceBytes / 1e6:N0} MB with keys twice), RocksDB {peer.SpaceBytes / 1e6:N0} MB: "
                + $"{(ours.SpaceBytes <= peer.SpaceBytes ? "kept" : "MISSED")}");
        }

        yield return ChildRun.MemoryNote(options, ours.PeakBytes);
    }
}
