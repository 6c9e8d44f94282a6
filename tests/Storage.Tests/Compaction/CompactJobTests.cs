using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Compacting a table beside its writers.</summary>
public sealed class CompactJobTests
{
    private static readonly Identifier Name = new("db", "t");

    private readonly GatedFileIO _files = new();

    [Fact]
    public async Task What_writers_that_only_write_leave_is_compacted_by_strategy_or_in_full()
    {
        var table = await CreateAsync(("write-only", "true"));
        await using var writer = table.NewWriter("job");
        await WriteAsync(writer, 0, 4);
        var told = new List<CompactProgress>();
        var job = table.NewCompactor(new CompactJobOptions { Progress = new Recorder(told), CommitUser = "compactor" });
        var done = await job.RunAsync();
        Assert.Equal((2, 2, 8), (done.Buckets, done.DoneBuckets, done.Files));
        Assert.InRange(done.Snapshots, 1, 2);
        Assert.Equal(done, told[^1]);
        var snapshot = await table.LatestSnapshotAsync();
        Assert.Equal(("COMPACT", "compactor"), (snapshot!.CommitKind, snapshot.CommitUser));

        await WriteAsync(writer, 4, 1);
        Assert.Equal(0, (await job.RunAsync()).Snapshots);
        Assert.Equal(4, (await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync()).Files);
        Assert.All(await table.FilesAsync(), file => Assert.Equal(3, file.Level));
        Assert.Equal(10, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Only_the_partitions_asked_for_are_compacted()
    {
        var table = await CreateAsync(("write-only", "true"));
        await using (var writer = table.NewWriter("job"))
        {
            await WriteAsync(writer, 0, 4);
        }

        var job = table.NewCompactor(
            new CompactJobOptions { IsFull = true, Partitions = [new Dictionary<string, string> { ["p"] = "b" }] });
        Assert.Equal(1, (await job.RunAsync()).Buckets);
        Assert.Equal(5, (await table.FilesAsync()).Count);
        var wrong = table.NewCompactor(new CompactJobOptions { Partitions = [new Dictionary<string, string> { ["q"] = "b" }] });
        await Assert.ThrowsAsync<PaimonException>(async () => await wrong.RunAsync());
    }

    [Fact]
    public async Task A_lost_race_is_planned_anew_and_fails_neither_side()
    {
        var table = await CreateAsync();
        await using (var writer = table.NewWriter("job"))
        {
            await WriteAsync(writer, 0, 2);
            _files.Close();
            var job = table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync().AsTask();
            while (_files.Opened < 2)
            {
                await Task.Delay(1);
            }

            // While the job has all files in hand, the writer compacts and commits them.
            _files.Open();
            await writer.CompactAsync();
            await writer.CommitAsync();
            await job;
        }

        // Whoever was first: both are done, and each merged what the other one left.
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.All(await table.FilesAsync(), file => Assert.Equal(3, file.Level));
    }

    [Fact]
    public async Task A_compaction_that_lost_at_its_commit_is_done_again_with_the_files_that_are_there()
    {
        var table = await CreateAsync(("write-only", "true"));
        await using (var writer = table.NewWriter("job"))
        {
            await WriteAsync(writer, 0, 4);
        }

        _files.Close();
        var first = table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync().AsTask();
        var second = table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync().AsTask();
        while (_files.Opened < 4)
        {
            await Task.Delay(1);
        }

        _files.Open();
        var results = await Task.WhenAll(first, second);
        Assert.Contains(results, result => result.Snapshots > 0);
        Assert.Contains(results, result => result.LostRaces > 0);
        Assert.All(results, result => Assert.Equal(result.Buckets, result.DoneBuckets));
        Assert.Equal(2, (await table.FilesAsync()).Count);
        Assert.Equal(8, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_watching_job_compacts_what_comes_until_it_is_stopped()
    {
        var table = await CreateAsync(("write-only", "true"));
        using var stop = new CancellationTokenSource();
        var job = table.NewCompactor(new CompactJobOptions { IsFull = true }).WatchAsync(TimeSpan.FromMilliseconds(1), stop.Token);
        await using var writer = table.NewWriter("job");
        for (var round = 1; round < 4; round++)
        {
            await WriteAsync(writer, round * 2, 2);
            while ((await table.FilesAsync()).Count != 2)
            {
                Assert.False(job.IsCompleted, job.Exception?.Message);
                await Task.Delay(1);
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
        Assert.Equal(12, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Partitions_are_compacted_in_the_buckets_that_they_have()
    {
        var table = await CreateAsync(("write-only", "true"));
        await using (var writer = table.NewWriter("job"))
        {
            await WriteAsync(writer, 0, 2);
        }

        await table.AlterAsync([new SchemaChange.SetOption("bucket", "3")]);
        Assert.Equal(2, (await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync()).DoneBuckets);
        Assert.Equal(2, (await table.FilesAsync()).Count);
    }

    [Fact]
    public async Task A_table_without_buckets_is_refused_by_name()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(_files));
        var table = await catalog.CreateTableAsync(Name, new TableDefinition().Column("id", DataTypes.Int).Option("bucket", "-1"));
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await table.NewCompactor().RunAsync());
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    private static async Task WriteAsync(TableWriter writer, int first, int commits)
    {
        for (var id = first; id < first + commits; id++)
        {
            await writer.UpsertAsync("a", id);
            await writer.UpsertAsync("b", id);
            await writer.CommitAsync();
        }
    }

    private async Task<Table> CreateAsync(params (string Key, string Value)[] options)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(_files) { Ids = new SeededIds(1) });
        var definition = new TableDefinition().Column("p", DataTypes.String).Column("id", DataTypes.Int).PrimaryKey("p", "id")
            .PartitionedBy("p").Option("bucket", "1").Option("num-sorted-run.compaction-trigger", "3");
        return await catalog.CreateTableAsync(
            Name, options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }

    private sealed class Recorder(List<CompactProgress> told) : IProgress<CompactProgress>
    {
        public void Report(CompactProgress value) => told.Add(value);
    }
}
