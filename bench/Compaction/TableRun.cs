using PaimonSharp.Bench.Kit;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Compaction;

/// <summary>A scenario in a table of this library.</summary>
internal static class TableRun
{
    /// <summary>Writes and compacts; reading what is live is not part of the time.</summary>
    /// <param name="scenario">What to do.</param>
    /// <param name="folder">An empty folder.</param>
    public static async Task<Curve> RunAsync(Scenario scenario, string folder)
    {
        var files = new CountingFileIO(new LocalFileIO());
        var table = await CreateAsync(scenario, folder, files);
        var stream = new RowStream(scenario);
        var points = new List<CurvePoint>();
        var meter = new Meter();
        var writer = table.NewWriter();
        try
        {
            var commits = 0;
            foreach (var batch in stream.Batches())
            {
                meter.Start();
                await writer.WriteAsync(batch);
                if (scenario.FullEveryCommits > 0 && ++commits % scenario.FullEveryCommits == 0)
                {
                    await writer.CompactAsync();
                }

                await writer.CommitAsync();
                meter.Stop();
                points.Add(await PointAsync(writer.Progress, batch, stream, table, files, meter, points));
            }

            // What the triggers still ask for belongs to the writing.
            meter.Start();
            if (scenario.CompactsAtEnd)
            {
                await CompactAsync(table);
            }
            else
            {
                await writer.CompactAsync(isFull: false);
                await writer.CommitAsync();
            }

            meter.Stop();
            points[^1] = (await PointAsync(writer.Progress, null, stream, table, files, meter, points)) with { Rows = points[^1].Rows };
        }
        finally
        {
            await writer.DisposeAsync();
        }

        await CompactAsync(table);
        return new Curve(scenario.Name, points, await LiveBytesAsync(table), meter.ToSample(0).ProcessorSeconds);
    }

    private static async Task<Table> CreateAsync(Scenario scenario, string folder, CountingFileIO files)
    {
        var options = new Dictionary<string, string>
        {
            ["bucket"] = "1",
            ["file.compression"] = "lz4_raw",
            ["snapshot.num-retained.min"] = "1",
            ["snapshot.num-retained.max"] = "1",
            ["write-only"] = scenario.CompactsAtEnd ? "true" : "false",
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
        WriteProgress progress,
        ColumnBatch? batch,
        RowStream stream,
        Table table,
        CountingFileIO files,
        Meter meter,
        List<CurvePoint> points)
    {
        var live = await table.FilesAsync();
        var runs = live.Count(file => file.Level == 0) + live.Select(file => file.Level).Where(level => level > 0).Distinct().Count();
        return new CurvePoint(
            (points.Count == 0 ? 0 : points[^1].Rows) + (batch?.RowCount ?? 0),
            meter.ToSample(0).Seconds,
            files.DataBytes,
            progress.FlushedBytes,
            live.Sum(file => file.SizeBytes),
            stream.KeyCount,
            runs);
    }

    private static async Task<long> LiveBytesAsync(Table table) => (await table.FilesAsync()).Sum(file => file.SizeBytes);
}
