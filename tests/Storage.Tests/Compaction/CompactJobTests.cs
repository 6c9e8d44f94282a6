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
    public async Task Where_full_compactions_make_the_changelog_a_job_makes_it_of_all_that_writers_leave()
    {
        var table = await CreateAsync(("write-only", "true"), ("changelog-producer", "full-compaction"));
        await using var writer = table.NewWriter("job");
        await WriteAsync(writer, 0, 1);
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        Assert.Equal(0, await stream.ReadAsync().Select(batch => batch.Rows.RowCount).SumAsync());
        var job = table.NewCompactor();
        Assert.Equal(2, (await job.RunAsync()).Files);
        Assert.Equal(0, (await job.RunAsync()).Files);
        stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        Assert.Equal(2, await stream.ReadAsync().Select(batch => batch.Rows.RowCount).SumAsync());
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

    [Fact]
    public async Task A_job_leaves_no_row_hidden_for_the_lookups_of_commits_to_come()
    {
        var table = await CreateAsync(
            ("write-only", "true"), ("deletion-vectors.enabled", "true"), ("lookup-compact", "gentle"));
        await using (var writer = table.NewWriter("job"))
        {
            await WriteAsync(writer, 0, 1);
        }

        Assert.Empty(await TableKit.RowsAsync(table.NewScan()));
        await table.NewCompactor().RunAsync();
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task The_metadata_of_many_buckets_is_read_a_few_times_and_not_for_every_bucket()
    {
        const int Buckets = 200;
        var reads = 0;
        var files = new HookedFileIO
        {
            Opening = path =>
            {
                reads += path.Contains("/manifest/", StringComparison.Ordinal) ? 1 : 0;
                return Task.CompletedTask;
            },
        };
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(files) { Ids = new SeededIds(1) });
        var table = await catalog.CreateTableAsync(Name, new TableDefinition().Column("id", DataTypes.Int).PrimaryKey("id")
            .Option("bucket", $"{Buckets}").Option("write-only", "true"));
        await using (var writer = table.NewWriter("job"))
        {
            for (var commit = 0; commit < 2; commit++)
            {
                for (var id = 0; id < Buckets * 20; id++)
                {
                    await writer.UpsertAsync(id);
                }

                await writer.CommitAsync();
            }
        }

        reads = 0;
        var done = await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        Assert.Equal((Buckets, Buckets, 2 * Buckets), (done.Buckets, done.DoneBuckets, done.Files));
        Assert.InRange(done.Snapshots, 1, 10);
        Assert.InRange(reads, 1, 120);
        Assert.Equal(Buckets * 20, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Theory]
    [InlineData("1 b", 20)]
    [InlineData("1 mb", 5)]
    public async Task Large_buckets_are_committed_one_by_one(string targetFileSize, int snapshots)
    {
        var table = await CreateAsync(("write-only", "true"), ("target-file-size", targetFileSize), ("memory-budget", "128 mb"));
        await using (var writer = table.NewWriter("job"))
        {
            for (var id = 0; id < 40; id++)
            {
                await writer.UpsertAsync($"p{id % 20}", id);
            }

            await writer.CommitAsync();
        }

        var done = await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        Assert.Equal((20, snapshots), (done.DoneBuckets, done.Snapshots));
    }

    [Fact]
    public async Task What_was_lost_among_many_is_done_again_with_what_is_there()
    {
        var table = await CreateAsync(("write-only", "true"));
        var partitions = Enumerable.Range(0, 40).Select(p => $"p{p}").ToList();
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 2; id++)
        {
            foreach (var partition in partitions)
            {
                await writer.UpsertAsync(partition, id);
            }

            await writer.CommitAsync();
        }

        // Others compact some buckets and write to all of them after the job has looked at the table.
        var other = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "false" });
        var job = table.NewCompactor(new CompactJobOptions
        {
            IsFull = true,
            Progress = new Meanwhile(() => CompactElsewhereAsync(other, partitions)),
        });
        var done = await job.RunAsync();
        Assert.Equal((40, 40), (done.Buckets, done.DoneBuckets));
        Assert.InRange(done.LostRaces, 1, 40);
        Assert.Equal(120, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private static async Task CompactElsewhereAsync(Table table, IReadOnlyList<string> partitions)
    {
        await using var writer = table.NewWriter("other");
        foreach (var partition in partitions)
        {
            await writer.UpsertAsync(partition, 2);
        }

        await writer.CommitAsync();
        foreach (var partition in partitions.Where((_, i) => i % 5 == 0))
        {
            await writer.CompactBucketAsync(new Dictionary<string, string> { ["p"] = partition }, 0);
        }

        await writer.CommitAsync();
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

    /// <summary>Lets something happen after the first commit of a job.</summary>
    private sealed class Meanwhile(Func<Task> happens) : IProgress<CompactProgress>
    {
        private bool _hasHappened;

        public void Report(CompactProgress value)
        {
            if (!_hasHappened)
            {
                _hasHappened = true;
                happens().GetAwaiter().GetResult();
            }
        }
    }

    private sealed class Recorder(List<CompactProgress> told) : IProgress<CompactProgress>
    {
        public void Report(CompactProgress value) => told.Add(value);
    }
}
