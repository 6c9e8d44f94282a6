using System.Globalization;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Bench.Kit.Peers;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Random single keys after a full compaction, one thread, all blocks in memory if the cache has room: keys that are there, or keys
/// that lie between those and are not. Beside it RocksDB's Get on the same rows with the same cache. Ours is asked for a key a call, with a batch
/// that is used again or with a row object for each; many keys a call are measured beside.
/// </summary>
internal static class LookupWorkload
{
    private const int KeyStep = 2;
    private const int Keys = 2_000_000;
    private const int BatchKeys = 1000;
    private const int WarmUpStep = 25;
    private const double Floor = 1;

    /// <summary>Measures <c>lookup</c> or <c>lookup-missing</c>.</summary>
    public static async Task<Report> MeasureAsync(string workload, MacroOptions options)
    {
        var ours = Path.Combine(options.Folder, "lookup");
        var peer = Path.Combine(options.Folder, "lookup-rocksdb");
        try
        {
            await ChildRun.RunAsync("lookup-load", ours, options);
            var contenders = new List<Contender>
            {
                new("PaimonSharp, a key a call", () => ChildRun.RunAsync($"{workload}-single", ours, options)),
                new("the same, a row object each", () => ChildRun.RunAsync($"{workload}-row", ours, options)),
                new($"the same, {BatchKeys} keys a call", () => ChildRun.RunAsync($"{workload}-many", ours, options)),
            };
            if (RocksDbLibrary.IsPresent)
            {
                await ChildRun.RunAsync("lookup-load-rocksdb", peer, options);
                contenders.Add(new Contender("RocksDB lz4, Get", () => ChildRun.RunAsync($"{workload}-rocksdb", peer, options), Floor));
            }

            var kind = workload == "lookup" ? "present" : "missing";
            var level0 = options.Level0Files == 0 ? "" : $", {options.Level0Files} x {OrderTable.BatchRows:N0} of them anew on level 0";
            var report = await Harness.MeasureAsync(
                string.Create(CultureInfo.InvariantCulture, $"{Keys:N0} lookups of {kind} keys in {options.Rows:N0} rows{level0}"),
                options.Runs,
                contenders);
            List<string> notes =
                [ChildRun.MemoryNote("lookup.cache-max-memory-size", options.LookupCache, report.Lines.Take(3).Max(line => line.PeakBytes))];
            if (!RocksDbLibrary.IsPresent)
            {
                notes.Add(RocksDbLibrary.MissingAdvice);
            }

            return report with { Notes = notes };
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
        var orders = new OrderTable(options.Rows, options.CommitRows, KeyStep);
        switch (workload)
        {
            case "lookup-load":
                ChildRun.Clear(folder);
                return await LoadAsync(orders, folder, options);
            case "lookup-load-rocksdb":
                ChildRun.Clear(folder);
                RocksDbLookup.Load(orders, folder, options.Level0Files);
                return default;
        }

        var isMissing = workload.StartsWith("lookup-missing", StringComparison.Ordinal);
        var random = new Random(1);
        var keys = new long[Keys];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (random.NextInt64(options.Rows) * KeyStep) + (isMissing ? 1 : 0);
        }

        var found = isMissing ? 0 : keys.Length;
        return workload.Split('-')[^1] switch
        {
            "rocksdb" => RocksDbLookup.Get(folder, ChildRun.SizeOf(options.LookupCache), WarmUp(options), keys, found),
            var form => await GetAsync(folder, form, WarmUp(options), keys, found),
        };
    }

    private static IEnumerable<long> WarmUp(MacroOptions options)
    {
        for (var key = 0L; key < options.Rows; key += WarmUpStep)
        {
            yield return key * KeyStep;
        }
    }

    private static async Task<Sample> LoadAsync(OrderTable orders, string folder, MacroOptions options)
    {
        var table = await OrderTable.CreateAsync(
            folder,
            new Dictionary<string, string>(ChildRun.TableOptionsOf(options)) { ["lookup.cache-max-memory-size"] = options.LookupCache });
        await using (var writer = table.NewWriter())
        {
            await orders.WriteAsync(writer);
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        await using var above = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" }).NewWriter();
        foreach (var batch in orders.SecondPass(options.Level0Files))
        {
            await above.WriteAsync(batch);
            await above.CommitAsync();
        }

        return default;
    }

    private static async Task<Sample> GetAsync(string folder, string form, IEnumerable<long> warmUp, long[] keys, long found)
    {
        var table = await OrderTable.OpenAsync(folder);
        await using var lookup = await table.OpenLookupAsync();
        var build = new Meter();
        build.Start();
        await lookup.GetAsync(0L);
        build.Stop();
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"lookup file made in {build.ToSample(0).Seconds:N2} s"));
        foreach (var key in warmUp)
        {
            await lookup.GetAsync(key);
        }

        // The code is compiled for good before it is measured.
        await RunAsync(lookup, form, keys.AsMemory(0, keys.Length / 10));
        await Task.Delay(200);
        var meter = new Meter();
        meter.Start();
        var count = await RunAsync(lookup, form, keys);
        meter.Stop();
        return count == found
            ? meter.ToSample(keys.Length)
            : throw new InvalidOperationException($"{count} of {found} keys were found.");
    }

    private static Task<long> RunAsync(TableLookup lookup, string form, ReadOnlyMemory<long> keys) => form switch
    {
        "single" => ManyAsync(lookup, keys, 1),
        "many" => ManyAsync(lookup, keys, BatchKeys),
        _ => RowsAsync(lookup, keys),
    };

    private static async Task<long> ManyAsync(TableLookup lookup, ReadOnlyMemory<long> keys, int batchKeys)
    {
        var batch = new ColumnBatch(lookup.KeyType);
        var rows = new ColumnBatch(lookup.RowType);
        var positions = new int[batchKeys];
        var (count, sum) = (0L, 0L);
        for (var start = 0; start < keys.Length; start += batchKeys)
        {
            batch.Clear();
            rows.Clear();
            var span = keys.Span.Slice(start, Math.Min(batchKeys, keys.Length - start));
            span.CopyTo(((FixedVector<long>)batch.Columns[0]).AppendUninitialized(span.Length));
            batch.EndRows(span.Length);
            count += await lookup.GetManyAsync(batch, rows, positions);
            foreach (var customer in ((FixedVector<long>)rows.Columns[1]).Values)
            {
                sum += customer;
            }
        }

        return sum >= 0 ? count : 0;
    }

    private static async Task<long> RowsAsync(TableLookup lookup, ReadOnlyMemory<long> keys)
    {
        var (count, sum) = (0L, 0L);
        for (var i = 0; i < keys.Length; i++)
        {
            if (await lookup.GetAsync(keys.Span[i]) is { } row)
            {
                count++;
                sum += row.GetInt64(1);
            }
        }

        return sum >= 0 ? count : 0;
    }
}
