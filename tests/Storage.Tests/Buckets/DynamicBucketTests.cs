using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Buckets;

/// <summary>Tables whose buckets grow with their keys.</summary>
public class DynamicBucketTests
{
    private static readonly Identifier Name = new("db", "t");

    [Fact]
    public void A_table_of_dynamic_buckets_holds_what_a_dictionary_holds() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => RunAsync(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

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
    public async Task A_key_is_found_again_by_a_new_writer_whose_buckets_are_smaller()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: false, target: 100));
        await WriteAsync(table, Enumerable.Range(0, 20).Select(key => (0, key, 1)));
        table = table.WithOptions(new Dictionary<string, string> { ["dynamic-bucket.target-row-num"] = "5" });
        await WriteAsync(table, Enumerable.Range(0, 40).Select(key => (0, key, 2)));

        Assert.Equal(40, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal([0, 1, 2, 3, 4], (await table.FilesAsync()).Select(file => file.Bucket).Distinct().Order());
    }

    [Fact]
    public async Task Initial_buckets_share_the_keys_from_the_start()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(
            Name, Definition(isPartitioned: true, target: 1000).Option("dynamic-bucket.initial-buckets", "4"));
        await WriteAsync(table, Enumerable.Range(0, 200).Select(key => (key % 2, key, 1)));
        var buckets = (await table.FilesAsync()).GroupBy(file => file.Partition);
        Assert.All(buckets, partition => Assert.Equal([0, 1, 2, 3], partition.Select(file => file.Bucket).Order()));
        Assert.Equal(200, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_bucket_key_does_not_go_with_dynamic_buckets()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await catalog.CreateTableAsync(
            Name, Definition(isPartitioned: false, target: 5).Option("bucket-key", "k")));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
    }

    [Fact]
    public async Task What_is_not_committed_leaves_no_index_behind()
    {
        var environment = TableKit.NewEnvironment();
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: false, target: 5));
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, 1);
            await writer.PrepareCommitAsync();
        }

        Assert.Empty(await environment.FileIO.ListAsync(table.Store.Paths.IndexDirectory));
        Assert.Null(await table.LatestSnapshotAsync());
    }

    [Fact]
    public async Task A_second_writer_of_a_partition_cannot_give_its_keys_other_buckets()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: true, target: 2));
        await using var first = table.NewWriter();
        await using var second = table.NewWriter();
        await first.UpsertAsync(1, 1, 1);
        await second.UpsertAsync(1, 2, 2);
        var prepared = await second.PrepareCommitAsync();
        await first.CommitAsync();
        var error = await Assert.ThrowsAsync<CommitConflictException>(async () => await second.CommitPreparedAsync(prepared));
        Assert.Contains("dynamic buckets", error.Message, StringComparison.Ordinal);

        await using var third = table.NewWriter();
        await third.UpsertAsync(1, 3, 3);
        await third.CommitAsync();
        await first.UpsertAsync(1, 1, 4);
        await Assert.ThrowsAsync<CommitConflictException>(async () => await first.CommitAsync());
        Assert.Equal(
            ["""{"p":1,"k":1,"v":1}""", """{"p":1,"k":3,"v":3}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_second_writer_is_refused_too_where_its_buckets_are_smaller()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: true, target: 100));
        await WriteAsync(table, Enumerable.Range(0, 20).Select(key => (1, key, 1)));
        await using var first = table.NewWriter();
        await using var second = table
            .WithOptions(new Dictionary<string, string> { ["dynamic-bucket.target-row-num"] = "5" }).NewWriter();
        await first.UpsertAsync(1, 99, 1);
        await second.UpsertAsync(1, 99, 2);
        var prepared = await second.PrepareCommitAsync();
        await first.CommitAsync();
        await Assert.ThrowsAsync<CommitConflictException>(async () => await second.CommitPreparedAsync(prepared));
        Assert.Equal(21, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task A_writer_goes_on_when_rows_of_its_partitions_are_removed_with_their_index()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: false, target: 5));
        await using (var writer = table.NewWriter())
        {
            for (var round = 0; round < 2; round++)
            {
                for (var key = 0; key < 20; key++)
                {
                    await writer.UpsertAsync(key, round);
                }

                await writer.CommitAsync();
                if (round == 0)
                {
                    await table.TruncateAsync();
                }
            }
        }

        await CheckIndexAsync(table, 5, -1);
        await WriteAsync(table, Enumerable.Range(0, 30).Select(key => (0, 29 - key, 2)));
        Assert.Equal(30, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public async Task A_commit_goes_through_when_its_partition_was_removed_after_it_was_prepared(int keys)
    {
        // With 5 keys all are known, with 20 most are new.
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, Definition(isPartitioned: true, target: 2));
        await WriteAsync(table, Enumerable.Range(0, 5).Select(key => (1, key, 0)).Append((2, 1, 0)));
        await using (var writer = table.NewWriter("job"))
        {
            var prepared = new List<PreparedCommit>();
            for (var value = 1; value <= 3; value++)
            {
                for (var key = 0; key < keys; key++)
                {
                    await writer.UpsertAsync(1, key, value);
                }

                prepared.Add(await writer.PrepareCommitAsync());
            }

            foreach (var commit in prepared)
            {
                await table.DropPartitionsAsync([new Dictionary<string, string> { ["p"] = "1" }]);
                await writer.CommitPreparedAsync(commit);
                await CheckIndexAsync(table, 2, -1);
            }

            await writer.UpsertAsync(1, 0, 4);
            await writer.CommitAsync();
        }

        await CheckIndexAsync(table, 2, -1);
        await WriteAsync(table, Enumerable.Range(0, keys).Select(key => (1, keys - 1 - key, 5)));
        Assert.Equal(
            Enumerable.Range(0, keys).Select(key => $"{{\"p\":1,\"k\":{key},\"v\":5}}").Append("""{"p":2,"k":1,"v":0}""")
                .Order(StringComparer.Ordinal),
            await TableKit.RowsAsync(table.NewScan()));
        var orphans = await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true);
        Assert.DoesNotContain(orphans.Paths, path => path.Contains("index-", StringComparison.Ordinal));
    }

    private static TableDefinition Definition(bool isPartitioned, int target)
    {
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int).Column("v", DataTypes.Int)
            .Option("bucket", "-1").Option("dynamic-bucket.target-row-num", $"{target}");
        return isPartitioned
            ? (definition with { Columns = [new ColumnDefinition("p", DataTypes.Int), .. definition.Columns] })
                .PartitionedBy("p").PrimaryKey("p", "k")
            : definition.PrimaryKey("k");
    }

    private static async Task WriteAsync(Table table, IEnumerable<(int Partition, int Key, int Value)> rows)
    {
        await using var writer = table.NewWriter();
        foreach (var (partition, key, value) in rows)
        {
            await (table.Schema.PartitionKeys.Count > 0
                ? writer.UpsertAsync(partition, key, value)
                : writer.UpsertAsync(key, value));
        }

        await writer.CommitAsync();
    }

    private static async Task RunAsync(int seed, string? directory = null)
    {
        var random = new Random(seed);
        var target = 1 + random.Next(6);
        var catalog = await BucketKit.OpenAsync(seed, directory);
        var definition = Definition(isPartitioned: true, target);
        var max = random.Next(3) == 0 ? 1 + random.Next(4) : -1;
        var table = await catalog.CreateTableAsync(Name, definition
            .Option("dynamic-bucket.max-buckets", $"{max}")
            .Option("dynamic-bucket.initial-buckets", $"{1 + random.Next(3)}")
            .Option("index-file-in-data-file-dir", random.Next(2) == 0 ? "true" : "false")
            .Option("num-sorted-run.compaction-trigger", "3"));
        var committed = new Dictionary<(int, int), int>();
        var model = new Dictionary<(int, int), int>();
        var writer = table.NewWriter("model");
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await writer.CompactAsync();
                    break;
                case 1:
                    // What was written since the last commit is dropped with the writer.
                    await writer.DisposeAsync();
                    writer = table.NewWriter("model");
                    model = new(committed);
                    break;
                case 2:
                    await writer.PrepareCommitAsync();
                    await writer.DisposeAsync();
                    writer = table.NewWriter("model");
                    model = new(committed);
                    break;
                case 3:
                    await CommitAsync(writer);
                    await writer.DisposeAsync();
                    await OverwriteAsync(table, random, model);
                    committed = new(model);
                    writer = table.NewWriter("model");
                    break;
                case 4 or 5 or 6:
                    await CommitAsync(writer);
                    break;
                default:
                    await WriteSomeAsync(writer, random, model);
                    break;
            }
        }

        await CommitAsync(writer);
        await writer.DisposeAsync();
        Assert.Equal(
            model.Select(row => $"{{\"p\":{row.Key.Item1},\"k\":{row.Key.Item2},\"v\":{row.Value}}}").Order(StringComparer.Ordinal),
            await TableKit.RowsAsync(table.NewScan()));
        await CheckIndexAsync(table, target, max);
        for (var partition = 0; partition < 3; partition++)
        {
            for (var key = 0; key < 40; key++)
            {
                var row = await table.GetAsync(partition, key);
                Assert.Equal(model.TryGetValue((partition, key), out var value) ? value : null, row?[2]);
            }
        }

        async Task CommitAsync(TableWriter open)
        {
            await open.CommitAsync();
            committed = new(model);
        }
    }

    private static async Task WriteSomeAsync(TableWriter writer, Random random, Dictionary<(int, int), int> model)
    {
        for (var i = random.Next(12); i >= 0; i--)
        {
            var key = (random.Next(3), random.Next(40));
            var value = random.Next(1000);
            if (random.Next(5) == 0)
            {
                await writer.DeleteAsync(key.Item1, key.Item2, value);
                model.Remove(key);
            }
            else
            {
                await writer.UpsertAsync(key.Item1, key.Item2, value);
                model[key] = value;
            }
        }
    }

    private static async Task OverwriteAsync(Table table, Random random, Dictionary<(int, int), int> model)
    {
        if (random.Next(4) == 0)
        {
            await table.TruncateAsync();
            model.Clear();
            return;
        }

        var partition = random.Next(3);
        foreach (var key in model.Keys.Where(key => key.Item1 == partition).ToList())
        {
            model.Remove(key);
        }

        await using var writer = table.NewOverwriter();
        for (var i = random.Next(20); i >= 0; i--)
        {
            var key = (partition, random.Next(40));
            model[key] = random.Next(1000);
            await writer.UpsertAsync(key.partition, key.Item2, model[key]);
        }

        await writer.CommitAsync();
    }

    // The index of a bucket has the hash of every key that is in one of its files, and of no key that is in another bucket.
    private static async Task CheckIndexAsync(Table table, int target, int max)
    {
        var snapshot = await table.Store.Snapshots.LatestAsync();
        if (snapshot is null)
        {
            return;
        }

        var bucketOf = new Dictionary<(BinaryRowBytes, int), int>();
        foreach (var entry in await table.Store.IndexEntriesAsync(snapshot))
        {
            Assert.Equal(IndexManifestEntry.HashIndex, entry.IndexType);
            var hashes = await HashIndexFile.ReadAsync(
                table.Environment.FileIO, table.Store.IndexPath(entry), CancellationToken.None);
            Assert.Equal(entry.RowCount, hashes.Length);
            Assert.All(hashes, hash => bucketOf.Add((entry.Partition, hash), entry.Bucket));
            Assert.True(max > 0 || hashes.Length <= target, $"{hashes.Length} keys in a bucket for {target}");
            Assert.True(max < 0 || entry.Bucket < max, $"bucket {entry.Bucket} of {max}");
        }

        foreach (var entry in await table.Store.Scan.LiveAsync(snapshot, ScanFilter.All, CancellationToken.None))
        {
            Assert.Equal(-1, entry.TotalBuckets);
            foreach (var key in new[] { entry.File.MinKey, entry.File.MaxKey })
            {
                Assert.Equal(entry.Bucket, bucketOf[(entry.Partition, Murmur.HashWords(key.Row))]);
            }
        }
    }
}
