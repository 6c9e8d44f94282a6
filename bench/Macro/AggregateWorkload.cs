using PaimonSharp.Bench.Kit;
using PaimonSharp.Bench.Macro.Peers;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Increments of counters, durable every 100 000: a table with <c>merge-engine = aggregation</c> and two sums beside SQLite's
/// <c>INSERT ... ON CONFLICT DO UPDATE</c>, prepared and one transaction for as many rows, with a log that is synced.
/// </summary>
internal static class AggregateWorkload
{
    /// <summary>Keys of the counters.</summary>
    public const int Keys = 100_000;

    private const double Floor = 1;

    private static readonly RowType Columns = new(
    [
        new DataField(0, "id", DataTypes.BigInt.NotNull()),
        new DataField(1, "total", DataTypes.BigInt),
        new DataField(2, "events", DataTypes.BigInt),
    ]);

    /// <summary>Measures; <c>--rows</c> is the number of increments.</summary>
    public static async Task<Report> MeasureAsync(MacroOptions options)
    {
        var ours = Path.Combine(options.Folder, "aggregate");
        var peer = Path.Combine(options.Folder, "aggregate-sqlite");
        try
        {
            var report = await Harness.MeasureAsync(
                $"{options.Rows:N0} increments on {Keys:N0} keys",
                options.Runs,
                [
                    new($"PaimonSharp {options.Compression}", () => ChildRun.RunAsync("aggregate", ours, options)),
                    new("SQLite upsert", () => ChildRun.RunAsync("aggregate-sqlite", peer, options), Floor),
                ]);
            return report with { Notes = [ChildRun.MemoryNote(options, report.Lines[0].PeakBytes)] };
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
        ChildRun.Clear(folder);
        return workload == "aggregate"
            ? await AggregateAsync(folder, options)
            : SqlitePeer.Aggregate(folder, Batches(options), options.Rows);
    }

    private static async Task<Sample> AggregateAsync(string folder, MacroOptions options)
    {
        var catalog = await Catalog.OpenAsync(folder);
        var definition = new TableDefinition
        {
            Options = new Dictionary<string, string>(ChildRun.TableOptionsOf(options))
            {
                ["merge-engine"] = "aggregation",
                ["fields.total.aggregate-function"] = "sum",
                ["fields.events.aggregate-function"] = "sum",
            },
        };
        foreach (var field in Columns.Fields)
        {
            definition = definition.Column(field.Name, field.Type);
        }

        var table = await catalog.CreateTableAsync(new Identifier("bench", "counters"), definition.PrimaryKey("id"));
        var meter = new Meter();
        await using var writer = table.NewWriter();
        foreach (var batch in Batches(options))
        {
            meter.Start();
            await writer.WriteAsync(batch);
            await writer.CommitAsync();
            meter.Stop();
        }

        await CheckAsync(table, options.Rows);
        return meter.ToSample(options.Rows);
    }

    private static async Task CheckAsync(Table table, long rowCount)
    {
        var (rows, events) = (0L, 0L);
        await foreach (var batch in table.NewScan().ReadBatchesAsync())
        {
            rows += batch.RowCount;
            foreach (var count in ((FixedVector<long>)batch.Columns[2]).Values)
            {
                events += count;
            }
        }

        if ((rows, events) != (Math.Min(Keys, rowCount), rowCount))
        {
            throw new InvalidOperationException($"PaimonSharp counted {events} events of {rows} keys for {rowCount} increments.");
        }
    }

    private static IEnumerable<ColumnBatch> Batches(MacroOptions options)
    {
        var batch = new ColumnBatch(Columns);
        var random = new Random(1);
        for (var start = 0L; start < options.Rows; start += options.CommitRows)
        {
            batch.Clear();
            var count = (int)Math.Min(options.CommitRows, options.Rows - start);
            var id = (FixedVector<long>)batch.Columns[0];
            var total = (FixedVector<long>)batch.Columns[1];
            var events = (FixedVector<long>)batch.Columns[2];
            for (var i = 0; i < count; i++)
            {
                // The first rows name each key once, so that the number of keys does not depend on chance.
                id.Append(start + i < Keys ? start + i : random.Next(Keys));
                total.Append(random.Next(1000));
                events.Append(1);
            }

            batch.EndRows(count);
            yield return batch;
        }
    }
}
