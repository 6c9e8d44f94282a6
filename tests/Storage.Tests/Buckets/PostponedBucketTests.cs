using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Compaction;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Buckets;

/// <summary>Tables whose rows wait for their buckets.</summary>
public class PostponedBucketTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void What_is_compacted_is_what_a_dictionary_holds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_checker_finds_nothing_wrong(int seed)
    {
        using var directory = new TempDirectory();
        await RunAsync(seed, directory.Path);
        await PaimonCheck.AssertValidAsync(BucketKit.PathOf(directory.Path));
    }

    [Fact]
    public async Task Rows_are_not_to_be_seen_before_a_compaction_but_by_a_stream()
    {
        var table = await CreateAsync(Definition());
        await WriteAsync(table, (1, 1, 1), (2, 1, 2), (1, 1, 3));
        Assert.Empty(await TableKit.RowsAsync(table.NewScan()));
        Assert.Equal(
            ["1 +I (1, 1, 1)", "1 +I (1, 1, 3)", "1 +I (2, 1, 2)"], (await TableKit.ChangesAsync(table, 1)).Order(StringComparer.Ordinal));
        var file = Assert.Single(await table.FilesAsync(), file => file.Partition == "p=1");
        Assert.Matches("^data--u-job-s-[0-9]+-w-[0-9a-f-]{36}-[0-9]+\\.avro$", file.Name);
        Assert.Equal((DataFilePaths.PostponeBucket, 0, -1L, -1L), (file.Bucket, file.Level, file.MinSequenceNumber, file.MaxSequenceNumber));

        var snapshot = await table.CompactPostponedAsync();
        Assert.NotNull(snapshot);
        Assert.Equal("COMPACT", snapshot.CommitKind);
        Assert.Equal(["""{"p":1,"k":1,"v":3}""", """{"p":2,"k":1,"v":2}"""], await TableKit.RowsAsync(table.NewScan()));
        Assert.DoesNotContain(await table.FilesAsync(), file => file.Bucket < 0);
        Assert.Null(await table.CompactPostponedAsync());
        Assert.Equal(3, (await TableKit.ChangesAsync(table, 1)).Count);
    }

    [Fact]
    public async Task A_stream_that_begins_with_the_state_gives_rows_that_wait_as_they_were_written()
    {
        var table = await CreateAsync(Definition().Option("source.split.target-size", "1 b").Option("source.split.open-file-cost", "1 b"));
        await WriteAsync(table, (1, 1, 0), (1, 9, 0));
        await table.CompactPostponedAsync();
        await WriteAsync(table, (1, 9, 1), (1, 1, 1));
        await WriteAsync(table, (1, 5, 2), (1, 1, 2));
        await WriteAsync(table, (1, 0, 3), (1, 1, 3));
        await WriteAsync(table, (1, 9, 4));
        Assert.Equal(
            [
                "6 +I (1, 1, 0)", "6 +I (1, 9, 0)", "6 +I (1, 9, 1)", "6 +I (1, 1, 1)", "6 +I (1, 5, 2)", "6 +I (1, 1, 2)",
                "6 +I (1, 0, 3)", "6 +I (1, 1, 3)", "6 +I (1, 9, 4)",
            ],
            await TableKit.ChangesAsync(table, null));
        Assert.Equal(
            ["6 +I (1, 9, 0)", "6 +I (1, 9, 1)", "6 +I (1, 9, 4)"],
            await TableKit.ChangesAsync(table, null, Predicate.Leaf(table.Schema.RowType, "k", PredicateOperator.Equal, 9)));
    }

    [Fact]
    public async Task Rows_that_another_compaction_moved_and_an_expiry_removed_are_no_failure()
    {
        var files = new HookedFileIO();
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(files));
        var table = await catalog.CreateTableAsync(
            Name, Definition().Option("snapshot.num-retained.min", "1").Option("snapshot.num-retained.max", "1"));
        await WriteAsync(table, (1, 1, 1));
        files.Opening = async path =>
        {
            if (path.Contains("/bucket-postpone/", StringComparison.Ordinal))
            {
                files.Opening = null;
                await table.CompactPostponedAsync();
                await WriteAsync(table, (1, 2, 2));
            }
        };
        Assert.NotNull(await table.CompactPostponedAsync());
        Assert.Null(files.Opening);
        Assert.Equal(
            ["""{"p":1,"k":1,"v":1}""", """{"p":1,"k":2,"v":2}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_partition_keeps_its_number_of_buckets()
    {
        var table = await CreateAsync(Definition().Option("postpone.default-bucket-num", "2"));
        await WriteAsync(table, [.. Enumerable.Range(0, 50).Select(key => (1, key, 1))]);
        await table.CompactPostponedAsync();
        table = table.WithOptions(new Dictionary<string, string> { ["postpone.default-bucket-num"] = "5" });
        await WriteAsync(table, [.. Enumerable.Range(0, 100).Select(key => (key % 2, key, 2))]);
        await table.CompactPostponedAsync();
        var buckets = (await table.FilesAsync()).ToLookup(file => file.Partition, file => file.Bucket);
        Assert.Equal([0, 1], buckets["p=1"].Distinct().Order());
        Assert.Equal([0, 1, 2, 3, 4], buckets["p=0"].Distinct().Order());
        Assert.Equal(125, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task The_changelog_of_the_rows_comes_with_their_compaction()
    {
        var table = await CreateAsync(Definition().Option("changelog-producer", "input"));
        await WriteAsync(table, (1, 1, 1));
        await WriteAsync(table, (1, 1, 2), (1, 2, 2));
        Assert.Empty(await TableKit.ChangesAsync(table, 1));
        await table.CompactPostponedAsync();
        Assert.Equal(["3 +I (1, 1, 1)", "3 +I (1, 1, 2)", "3 +I (1, 2, 2)"], await TableKit.ChangesAsync(table, 1));
    }

    [Fact]
    public async Task The_changelog_of_full_compactions_comes_with_it_too_for_the_buckets_that_get_rows()
    {
        var table = await CreateAsync(Definition().Option("changelog-producer", "full-compaction"));
        await WriteAsync(table, (1, 1, 1), (2, 1, 1));
        await table.CompactPostponedAsync();
        var untouched = Assert.Single(await table.FilesAsync(), file => file.Partition == "p=2");
        await WriteAsync(table, (1, 1, 2), (1, 2, 2));
        table = table.WithOptions(new Dictionary<string, string> { ["postpone.default-bucket-num"] = "3" });
        await WriteAsync(table, (3, 1, 2));
        await table.CompactPostponedAsync();
        Assert.Equal(
            ["2 +I (1, 1, 1)", "2 +I (2, 1, 1)", "5 +I (1, 2, 2)", "5 +I (3, 1, 2)", "5 +U (1, 1, 2)", "5 -U (1, 1, 1)"],
            (await TableKit.ChangesAsync(table, 1)).Order(StringComparer.Ordinal));
        Assert.Equal(untouched.Name, Assert.Single(await table.FilesAsync(), file => file.Partition == "p=2").Name);
    }

    [Fact]
    public async Task Of_two_compactions_at_a_time_one_finds_nothing_left()
    {
        var table = await CreateAsync(Definition());
        await WriteAsync(table, [.. Enumerable.Range(0, 100).Select(key => (1, key, 1))]);
        var compactions = Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => table.CompactPostponedAsync().AsTask())));
        while (!compactions.IsCompleted)
        {
            // Who lost a race waits a moment before the next try, by this clock.
            ((ManualTime)table.Environment.TimeProvider).Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        var done = await compactions;
        Assert.Single(done, snapshot => snapshot is not null);
        Assert.Equal(100, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal(2, (await table.SnapshotsAsync()).Count);
    }

    [Fact]
    public async Task Types_that_avro_lacks_wait_in_the_tables_own_format()
    {
        var table = await CreateAsync(Definition().Column("m", DataTypes.Multiset(DataTypes.Int)));
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, 1, 1, null);
            await writer.CommitAsync();
        }

        Assert.EndsWith(".parquet", Assert.Single(await table.FilesAsync()).Name, StringComparison.Ordinal);
        await table.CompactPostponedAsync();
        Assert.Single(await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Other_tables_have_no_rows_that_wait()
    {
        var table = await CreateAsync(Definition().Option("bucket", "1"));
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await table.CompactPostponedAsync());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
    }

    private static TableDefinition Definition() => new TableDefinition()
        .Column("p", DataTypes.Int).Column("k", DataTypes.Int).Column("v", DataTypes.Int)
        .PartitionedBy("p").PrimaryKey("p", "k").Option("bucket", "-2");

    private static async Task<Table> CreateAsync(TableDefinition definition, int seed = 1, string? directory = null) =>
        await (await BucketKit.OpenAsync(seed, directory)).CreateTableAsync(Name, definition);

    private static async Task WriteAsync(Table table, params (int Partition, int Key, int Value)[] rows)
    {
        await using var writer = table.NewWriter("job");
        foreach (var (partition, key, value) in rows)
        {
            await writer.UpsertAsync(partition, key, value);
        }

        await writer.CommitAsync();
    }

    private static async Task RunAsync(int seed, string? directory = null)
    {
        var random = new Random(seed);
        var table = await CreateAsync(
            Definition()
                .Option("postpone.default-bucket-num", $"{1 + random.Next(3)}")
                .Option("target-file-size", random.Next(2) == 0 ? "1 kb" : "1 mb")
                .Option("write-buffer-size", random.Next(2) == 0 ? "1 kb" : "1 mb")
                .Option("num-sorted-run.compaction-trigger", "3"),
            seed,
            directory);
        var written = new Dictionary<(int, int), int>();
        var committed = new Dictionary<(int, int), int>();
        var compacted = new Dictionary<(int, int), int>();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    await writer.DisposeAsync();
                    writer = table.NewWriter("model");
                    written = new(committed);
                    break;
                case 1 or 2:
                    await table.CompactPostponedAsync();
                    compacted = new(committed);
                    break;
                case 3 when random.Next(3) == 0:
                    await CommitAsync();
                    await writer.DisposeAsync();
                    await table.TruncateAsync();
                    (written, committed, compacted) = ([], [], []);
                    writer = table.NewWriter("model");
                    break;
                case 4 or 5 or 6:
                    await CommitAsync();
                    break;
                default:
                    for (var i = random.Next(30); i >= 0; i--)
                    {
                        var key = (random.Next(3), random.Next(40));
                        if (random.Next(4) == 0)
                        {
                            await writer.DeleteAsync(key.Item1, key.Item2);
                            written.Remove(key);
                        }
                        else
                        {
                            written[key] = random.Next(1000);
                            await writer.UpsertAsync(key.Item1, key.Item2, written[key]);
                        }
                    }

                    break;
            }

            Assert.Equal(Texts(compacted), await TableKit.RowsAsync(table.NewScan()));
        }

        await CommitAsync();
        await writer.DisposeAsync();
        await table.CompactPostponedAsync();
        Assert.Equal(Texts(committed), await TableKit.RowsAsync(table.NewScan()));
        Assert.DoesNotContain(await table.FilesAsync(), file => file.Bucket < 0);
        for (var key = 0; key < 40; key++)
        {
            var row = await table.GetAsync(1, key);
            Assert.Equal(committed.TryGetValue((1, key), out var value) ? value : null, row?[2]);
        }

        async Task CommitAsync()
        {
            await writer.CommitAsync();
            committed = new(written);
        }
    }

    private static IEnumerable<string> Texts(Dictionary<(int, int), int> rows) => rows
        .Select(row => $"{{\"p\":{row.Key.Item1},\"k\":{row.Key.Item2},\"v\":{row.Value}}}").Order(StringComparer.Ordinal);
}
