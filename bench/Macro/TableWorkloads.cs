using System.Globalization;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Bench.Kit.Peers;
using PaimonSharp.Bench.Macro.Peers;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Upserts of rows in random key order, durable every 100 000 rows, and a scan of all columns after a full compaction; beside
/// them RocksDB on the same rows and DuckDB on the same files. Each run is a process of its own, so that its peak memory is
/// its own and nothing is warm that was not warmed there.
/// </summary>
internal static class TableWorkloads
{
    private const double UpsertFloor = 1.25;
    private const double ScanFloor = 2;
    private const double DuckDbFloor = 0.5;

    /// <summary>Measures <c>upsert</c> or <c>scan</c>.</summary>
    public static async Task<Report> MeasureAsync(string workload, MacroOptions options)
    {
        var (ours, peer) = (Path.Combine(options.Folder, workload), Path.Combine(options.Folder, workload + "-rocksdb"));
        try
        {
            var contenders = new List<Contender>
            {
                new($"PaimonSharp {options.Compression}", () => ChildRun.RunAsync(workload, ours, options)),
            };
            if (RocksDbLibrary.IsPresent)
            {
                var floor = workload == "upsert" ? UpsertFloor : ScanFloor;
                contenders.Add(new Contender("RocksDB lz4", () => ChildRun.RunAsync($"{workload}-rocksdb", peer, options), floor));
            }

            if (workload == "scan")
            {
                await PrepareAsync(ours, peer, contenders, options);
            }

            var report = await Harness.MeasureAsync($"{workload} of {options.Rows:N0} rows", options.Runs, contenders);
            return report with { Notes = [.. Notes(workload, options, report.Lines[0].PeakBytes)] };
        }
        finally
        {
            ChildRun.Clear(ours);
            ChildRun.Clear(peer);
        }
    }

    /// <summary>One run in this process.</summary>
    public static async Task<Sample> RunOnceAsync(string workload, string folder, MacroOptions options)
    {
        var orders = new OrderTable(options.Rows, options.CommitRows);
        if (!workload.StartsWith("scan", StringComparison.Ordinal))
        {
            ChildRun.Clear(folder);
        }

        return workload switch
        {
            "upsert" => await UpsertAsync(orders, folder, options, compact: false),
            "prepare" => await UpsertAsync(orders, folder, options, compact: true),
            "scan" => await ScanAsync(orders, folder),
            "upsert-rocksdb" => RocksDbPeer.Upsert(orders, folder, compact: false),
            "prepare-rocksdb" => RocksDbPeer.Upsert(orders, folder, compact: true),
            "scan-rocksdb" => RocksDbPeer.Scan(orders, folder),
            _ => throw new ArgumentException($"There is no workload {workload}.", nameof(workload)),
        };
    }

    private static async Task PrepareAsync(string ours, string peer, List<Contender> contenders, MacroOptions options)
    {
        await ChildRun.RunAsync("prepare", ours, options);
        if (RocksDbLibrary.IsPresent)
        {
            await ChildRun.RunAsync("prepare-rocksdb", peer, options);
        }

        if (DuckDbPeer.IsPresent)
        {
            var orders = new OrderTable(options.Rows);
            var table = await OrderTable.OpenAsync(ours);
            var files = (await table.FilesAsync()).Select(file => Path.Combine(table.Path, $"bucket-{file.Bucket}", file.Name)).ToArray();
            contenders.Add(new Contender("DuckDB, same files", () => DuckDbPeer.ScanAsync(orders, files), DuckDbFloor));
        }
    }

    private static IEnumerable<string> Notes(string workload, MacroOptions options, long peakBytes)
    {
        if (!RocksDbLibrary.IsPresent)
        {
            yield return RocksDbLibrary.MissingAdvice;
        }

        if (workload == "scan" && !DuckDbPeer.IsPresent)
        {
            yield return DuckDbPeer.MissingAdvice;
        }

        yield return ChildRun.MemoryNote(options, peakBytes);
    }

    private static async Task<Sample> UpsertAsync(OrderTable orders, string folder, MacroOptions options, bool compact)
    {
        var table = await OrderTable.CreateAsync(folder, ChildRun.TableOptionsOf(options));
        await using var writer = table.NewWriter();
        var sample = await orders.WriteAsync(writer);
        if (compact)
        {
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{GC.GetTotalAllocatedBytes() / 1e6:N0} MB allocated, {GC.GetTotalPauseDuration().TotalMilliseconds:N0} ms in "
            + $"{GC.CollectionCount(0)} collections, {GC.CollectionCount(2)} of them full, {Harness.PeakBytes() / 1e6:N0} MB"));
        return sample;
    }

    private static async Task<Sample> ScanAsync(OrderTable orders, string folder)
    {
        var table = await OrderTable.OpenAsync(folder);
        await orders.ScanAsync(table);
        return await orders.ScanAsync(table);
    }
}
