using PaimonSharp.Bench.Kit;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Compaction;

/// <summary>A scenario in a table of this library.</summary>
internal static class TableRun
{
    private static readonly TimeSpan JobInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Writes and compacts; reading what is live is not part of the time.</summary>
    /// <param name="scenario">What to do.</param>
    /// <param name="folder">An empty folder.</param>
    public static async Task<Curve> RunAsync(Scenario scenario, string folder)
    {
        var files = new CountingFileIO(new LocalFileIO());
        var table = await CreateAsync(scenario, folder, files);
        var meter = new Meter();
        using var stop = new CancellationTokenSource();
        var job = scenario.Compactor == Compactor.Job ? table.NewCompactor().WatchAsync(JobInterval, stop.Token) : Task.CompletedTask;
        var points = await WriteAsync(scenario, table, files, meter, () => EndAsync(job, stop));
        await CompactAsync(table);
        return new Curve(scenario.Name, points, await LiveBytesAsync(table), meter.ToSample(0).ProcessorSeconds);
    }

    private static async Task<List<CurvePoint>> WriteAsync(
        Scenario scenario, Table table, CountingFileIO files, Meter meter, Func<Task> endJobAsync)
    {
        var stream = new RowStream(scenario);
        var points = new List<CurvePoint>();
        var (rows, commits) = (0L, 0);
        await using var writer = table.NewWriter();
        foreach (var batch in stream.Batches())
        {
            meter.Start();
            await writer.WriteAsync(batch);
            if (scenario.FullEveryCommits > 0 && (commits + 1) % scenario.FullEveryCommits == 0)
            {
                await writer.CompactAsync();
            }

            await writer.CommitAsync();
            meter.Stop();
            rows += batch.RowCount;
            if (Curve.IsPoint(++commits, rows, scenario))
            {
                points.Add(await PointAsync(writer.Progress, rows, stream, table, files, meter));
            }
        }

        // What the triggers still ask for belongs to the writing.
        meter.Start();
        switch (scenario.Compactor)
        {
            case Compactor.Writer:
                await writer.CompactAsync(isFull: false);
                await writer.CommitAsync();
                break;
            case Compactor.Job:
                await endJobAsync();
                await table.NewCompactor().RunAsync();
                break;
            default:
                await CompactAsync(table);
                break;
        }

        meter.Stop();
        points[^1] = await PointAsync(writer.Progress, rows, stream, table, files, meter);
        return points;
    }

    // The error of a job that failed is thrown.
    private static async Task EndAsync(Task job, CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        try
        {
            await job;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task<Table> CreateAsync(Scenario scenario, string folder, CountingFileIO files)
    {
        var options = new Dictionary<string, string>
        {
            ["bucket"] = "1",
            ["file.compression"] = "lz4_raw",
            ["snapshot.num-retained.min"] = "10",
            ["snapshot.num-retained.max"] = "10",
            ["write-only"] = scenario.Compactor == Compactor.Writer ? "false" : "true",
        };
        foreach (var (key, value) in scenario.Options)
        {
            options[key] = value;
        }

        var definition = new TableDefinition { Options = options };
        foreach (var field in RowStream.Columns.Fields)
        {
            definition = definition.Column(field.Name, field.Type);
        }

        var catalog = await Catalog.OpenAsync(folder, new StorageEnvironment(files));
        return await catalog.CreateTableAsync(new Identifier("bench", "rows"), definition.PrimaryKey("id"));
    }

    private static async Task CompactAsync(Table table)
    {
        await using var compactor = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "false" }).NewWriter();
        await compactor.CompactAsync();
        await compactor.CommitAsync();
    }

    private static async Task<CurvePoint> PointAsync(
        WriteProgress progress, long rows, RowStream stream, Table table, CountingFileIO files, Meter meter)
    {
        var live = await table.FilesAsync();
        var runs = live.Count(file => file.Level == 0) + live.Select(file => file.Level).Where(level => level > 0).Distinct().Count();
        return new CurvePoint(
            rows,
            meter.ToSample(0).Seconds,
            files.DataBytes,
            progress.FlushedBytes,
            live.Sum(file => file.SizeBytes),
            stream.KeyCount,
            runs);
    }

    private static async Task<long> LiveBytesAsync(Table table) => (await table.FilesAsync()).Sum(file => file.SizeBytes);
}
