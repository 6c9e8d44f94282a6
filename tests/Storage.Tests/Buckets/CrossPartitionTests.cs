using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Buckets;

/// <summary>Tables whose primary key lacks the partition column.</summary>
public class CrossPartitionTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_key_is_in_one_partition_whatever_partitions_it_was_written_to() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

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
    public async Task The_old_partition_gets_a_delete_with_the_new_rows_values()
    {
        var (_, table) = await CreateAsync(Definition().Option("changelog-producer", "input"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("a", 1, "first");
        await writer.CommitAsync();
        await writer.UpsertAsync("b", 1, "second");
        await writer.CommitAsync();
        Assert.Equal(
            ["1 +I (a, 1, first)", "2 +I (b, 1, second)", "2 -D (a, 1, second)"],
            (await TableKit.ChangesAsync(table, 1)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_batch_that_needs_more_buckets_than_there_are_closes_the_writer_as_keys_of_it_have_moved()
    {
        var (_, table) = await CreateAsync(Definition().Option("dynamic-bucket.target-row-num", "1"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("a", 1, "first");
        await writer.CommitAsync();
        var batch = new ColumnBatch(table.Schema.RowType, withKinds: true);
        for (var key = 1; key <= (1 << 15) + 1; key++)
        {
            RowAppender.Upsert(batch, ["b", key, "moved"]);
        }

        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.WriteAsync(batch));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.UpsertAsync("b", 1, "again"));
        Assert.Equal(ErrorKind.Closed, error.Kind);
        Assert.Equal(["""{"p":"a","k":1,"v":"first"}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_row_that_is_refused_leaves_no_trace_of_its_partition()
    {
        var (_, table) = await CreateAsync(
            Definition().Option("merge-engine", "aggregation").Option("fields.v.aggregate-function", "max"));
        await using var writer = table.NewWriter();
        await writer.DeleteAsync("a", 1, "refused");
        await Assert.ThrowsAsync<PaimonException>(async () => await writer.CommitAsync());
        await writer.UpsertAsync("b", 1, "first");
        await writer.CommitAsync();
        Assert.Equal(["""{"p":"b","k":1,"v":"first"}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Rows_that_move_to_and_fro_in_one_batch_end_where_the_last_one_says()
    {
        var (_, table) = await CreateAsync(Definition());
        await using var writer = table.NewWriter();
        foreach (var partition in new[] { "a", "b", "a", "c", "b", "a" })
        {
            await writer.UpsertAsync(partition, 1, $"in {partition}");
        }

        await writer.CommitAsync();
        Assert.Equal(["""{"p":"a","k":1,"v":"in a"}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_time_and_may_then_be_in_two_partitions()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch.AddYears(50));
        var environment = new StorageEnvironment(new MemoryFileIO(time)) { TimeProvider = time, ScratchFiles = new MemoryFileIO() };
        var (_, table) = await CreateAsync(Definition().Option("cross-partition-upsert.index-ttl", "1 h"), environment);
        await WriteOneAsync(table, "a");
        time.Advance(TimeSpan.FromMinutes(30));
        await WriteOneAsync(table, "b");
        Assert.Equal(["""{"p":"b","k":1,"v":"b"}"""], await TableKit.RowsAsync(table.NewScan()));
        time.Advance(TimeSpan.FromMinutes(61));
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync("c", 1, "c");
            await writer.UpsertAsync("d", 1, "d");
            await writer.CommitAsync();
            time.Advance(TimeSpan.FromMinutes(61));
            await writer.UpsertAsync("e", 1, "e");
            await writer.CommitAsync();
        }

        Assert.Equal(
            ["""{"p":"b","k":1,"v":"b"}""", """{"p":"d","k":1,"v":"d"}""", """{"p":"e","k":1,"v":"e"}"""],
            await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_key_in_fixed_buckets_is_one_in_each_partition()
    {
        var (_, table) = await CreateAsync(Definition().Option("bucket", "2"));
        await WriteOneAsync(table, "a");
        await WriteOneAsync(table, "b");
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("a", 1, "new");
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.DeleteAsync(1));
        Assert.Contains("partition", error.Message, StringComparison.Ordinal);
        await writer.CommitAsync();
        Assert.Equal(
            ["""{"p":"a","k":1,"v":"new"}""", """{"p":"b","k":1,"v":"b"}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Theory]
    [InlineData("deduplicate")]
    [InlineData("partial-update")]
    public async Task Keys_that_differ_in_a_partition_column_of_theirs_are_two(string engine)
    {
        var (_, table) = await CreateAsync(Regions().Option("merge-engine", engine));
        await WriteRegionAsync(table, "eu", 1, "first");
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync("us", 1, 5, "other");
            await writer.UpsertAsync("eu", 2, 5, "second");
            await writer.CommitAsync();
        }

        await WriteRegionAsync(table, "us", 3, "third");
        var isMoved = engine == "deduplicate";
        Assert.Equal(
            [
                $$"""{"region":"eu","day":{{(isMoved ? 2 : 1)}},"k":5,"v":"second"}""",
                $$"""{"region":"us","day":{{(isMoved ? 3 : 1)}},"k":5,"v":"third"}""",
            ],
            await TableKit.RowsAsync(table.NewScan()));
        await using var lookup = await table.OpenLookupAsync();
        Assert.Equal("second", (await lookup.GetAsync("eu", 5))!.Value.GetString("v"));
        Assert.Equal("third", (await lookup.GetAsync("us", 5))!.Value.GetString("v"));
        Assert.Null(await lookup.GetAsync("asia", 5));
    }

    [Fact]
    public async Task A_key_with_some_of_the_partition_columns_is_looked_for_where_they_agree()
    {
        var (_, table) = await CreateAsync(Regions().Option("bucket", "2"));
        await WriteRegionAsync(table, "eu", 1, "in europe");
        await WriteRegionAsync(table, "us", 1, "in america");
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal("in america", (await table.GetAsync("us", 5))!.Value.GetString("v"));
            Assert.Equal("in europe", (await table.GetAsync("eu", 5))!.Value.GetString("v"));
            Assert.Null(await table.GetAsync("asia", 5));
        }
    }

    [Fact]
    public async Task Some_partitions_cannot_be_overwritten()
    {
        var (_, table) = await CreateAsync(Definition());
        var error = Assert.Throws<PaimonException>(() => table.NewOverwriter());
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    [Fact]
    public async Task A_retraction_that_names_another_partition_stays_one()
    {
        var (_, table) = await CreateAsync(new TableDefinition()
            .Column("p", DataTypes.String).Column("k", DataTypes.Int).Column("n", DataTypes.Int)
            .PartitionedBy("p").PrimaryKey("k").Option("merge-engine", "aggregation").Option("fields.n.aggregate-function", "sum"));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync("a", 1, 5);
        await writer.CommitAsync();
        await writer.UpsertAsync("b", 1, 4);
        await writer.DeleteAsync("c", 1, 2);
        await writer.CommitAsync();
        Assert.Equal(["""{"p":"a","k":1,"n":7}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_writer_leaves_no_local_file_behind()
    {
        var scratch = new MemoryFileIO();
        var environment = new StorageEnvironment(new MemoryFileIO()) { ScratchFiles = scratch };
        var (_, table) = await CreateAsync(
            Definition().Option("write-buffer-size", "1 kb").Option("lookup.local-dir", "/scratch"), environment);
        await using (var writer = table.NewWriter())
        {
            for (var key = 0; key < 5000; key++)
            {
                await writer.UpsertAsync($"p{key % 3}", key, "");
            }

            await writer.CommitAsync();
            Assert.NotEmpty(await scratch.ListAsync("/scratch"));
        }

        Assert.Empty(await scratch.ListAsync("/scratch"));
        Assert.Equal(5000, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private static TableDefinition Definition() => new TableDefinition()
        .Column("p", DataTypes.String).Column("k", DataTypes.Int).Column("v", DataTypes.String)
        .PartitionedBy("p").PrimaryKey("k").Option("dynamic-bucket.target-row-num", "5");

    private static TableDefinition Regions() => new TableDefinition()
        .Column("region", DataTypes.String).Column("day", DataTypes.Int).Column("k", DataTypes.Int).Column("v", DataTypes.String)
        .PartitionedBy("region", "day").PrimaryKey("region", "k");

    private static async Task WriteRegionAsync(Table table, string region, int day, string value)
    {
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(region, day, 5, value);
        await writer.CommitAsync();
    }

    private static async Task<(Catalog Catalog, Table Table)> CreateAsync(
        TableDefinition definition, StorageEnvironment? environment = null)
    {
        environment ??= TableKit.NewEnvironment() with { ScratchFiles = new MemoryFileIO() };
        var catalog = await TableKit.OpenCatalogAsync(environment);
        return (catalog, await catalog.CreateTableAsync(Name, definition));
    }

    private static async Task WriteOneAsync(Table table, string partition)
    {
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(partition, 1, partition);
        await writer.CommitAsync();
    }

    private static async Task RunAsync(int seed, string? directory = null)
    {
        var random = new Random(seed);

        // The key has none or one of the partition columns.
        var regions = 1 + random.Next(3);
        var definition = new TableDefinition()
            .Column("v", DataTypes.Int).Column("p", DataTypes.Int)
            .Column("k", random.Next(2) == 0 ? DataTypes.Int : DataTypes.String).Column("r", DataTypes.String);
        definition = (regions == 1 ? definition.PartitionedBy("p").PrimaryKey("k") : definition.PartitionedBy("p", "r").PrimaryKey("k", "r"))
            .Option("dynamic-bucket.target-row-num", $"{1 + random.Next(6)}")
            .Option("write-buffer-size", random.Next(2) == 0 ? "1 kb" : "1 mb")
            .Option("num-sorted-run.compaction-trigger", "3");
        var table = await (await BucketKit.OpenAsync(seed, directory)).CreateTableAsync(Name, definition);
        var isText = table.Schema.Fields[2].Type.Root == TypeRoot.VarChar;
        var committed = new Dictionary<(int Key, string Region), (int Partition, int Value)>();
        var model = new Dictionary<(int Key, string Region), (int Partition, int Value)>();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await writer.CompactAsync();
                    break;
                case 1:
                    await writer.DisposeAsync();
                    writer = table.NewWriter("model");
                    model = new(committed);
                    break;
                case 2:
                    await CommitAsync();
                    await writer.DisposeAsync();
                    await OverwriteAsync();
                    committed = new(model);
                    writer = table.NewWriter("model");
                    break;
                case 3 or 4 or 5:
                    await CommitAsync();
                    break;
                default:
                    await WriteSomeAsync(writer, random.Next(15));
                    break;
            }
        }

        await CommitAsync();
        await writer.DisposeAsync();
        Assert.Equal(
            model.Select(row =>
                $"{{\"v\":{row.Value.Value},\"p\":{row.Value.Partition},\"k\":"
                + $"{(isText ? $"\"key {row.Key.Key} of the table\"" : row.Key.Key)},\"r\":\"{row.Key.Region}\"}}")
                .Order(StringComparer.Ordinal),
            await TableKit.RowsAsync(table.NewScan()));
        for (var i = 0; i < 60; i++)
        {
            var (key, region) = (i / regions, $"r{i % regions}");
            object keyValue = isText ? $"key {key} of the table" : key;
            var row = await (regions == 1 ? table.GetAsync(keyValue) : table.GetAsync(keyValue, region));
            Assert.Equal(model.TryGetValue((key, region), out var value) ? value.Value : null, row?[0]);
        }

        async Task CommitAsync()
        {
            await writer.CommitAsync();
            committed = new(model);
        }

        async Task WriteSomeAsync(TableWriter open, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var key = (Key: random.Next(60 / regions), Region: $"r{random.Next(regions)}");
                var (partition, value) = (random.Next(4), random.Next(1000));
                object keyValue = isText ? $"key {key.Key} of the table" : key.Key;
                if (random.Next(5) == 0)
                {
                    await open.DeleteAsync(value, partition, keyValue, key.Region);
                    model.Remove(key);
                }
                else
                {
                    await open.UpsertAsync(value, partition, keyValue, key.Region);
                    model[key] = (partition, value);
                }
            }
        }

        async Task OverwriteAsync()
        {
            model.Clear();
            await using var overwriter = table
                .WithOptions(new Dictionary<string, string> { ["dynamic-partition-overwrite"] = "false" }).NewOverwriter();
            await WriteSomeAsync(overwriter, random.Next(30));
            await overwriter.CommitAsync();
        }
    }
}
