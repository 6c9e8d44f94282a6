using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Tables without a primary key: every row that is written stays, in the order of writing.</summary>
public class AppendTableTests
{
    private static readonly Identifier Name = new("db", "t");

    private static TableDefinition Unaware => new TableDefinition()
        .Column("id", DataTypes.Int)
        .Column("name", DataTypes.String);

    private static TableDefinition Bucketed => Unaware.Option("bucket", "2").Option("bucket-key", "id");

    [Fact]
    public async Task Equal_rows_are_kept_as_often_as_they_are_written()
    {
        var table = await CreateAsync(Unaware);
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1, "a");
        await writer.UpsertAsync(1, "a");
        await writer.CommitAsync();
        await writer.UpsertAsync(1, "a");
        await writer.CommitAsync();

        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal(
            ["1 +I (1, a)", "1 +I (1, a)", "2 +I (1, a)"], await TableKit.ChangesAsync(table, from: 1));
    }

    [Fact]
    public async Task Files_without_buckets_are_described_as_Paimon_describes_them()
    {
        var table = await CreateAsync(Unaware);
        await using var writer = table.NewWriter("job");
        for (var commit = 0; commit < 2; commit++)
        {
            await writer.UpsertAsync(1, "a");
            await writer.UpsertAsync(2, null);
            await writer.UpsertAsync(3, "c");
            await writer.CommitAsync();
        }

        var entries = await LiveAsync(table);

        Assert.All(entries, entry => Assert.Equal((0, -1), (entry.Bucket, entry.TotalBuckets)));
        Assert.Equal([(0, 2), (3, 5)], entries.Select(entry => (entry.File.MinSequenceNumber, entry.File.MaxSequenceNumber)));
        var file = entries[0].File;
        Assert.Equal((0, 0, 3), (file.Level, file.DeleteRowCount, file.RowCount));
        Assert.Equal((0, 0, 0), (file.MinKey.Arity, file.MaxKey.Arity, file.KeyStats.NullCounts.Count));
        Assert.Equal([0, 1], file.ValueStats.NullCounts);
        Assert.Equal(FileSource.Append, file.FileSource);
        Assert.Null(file.FirstRowId);
        Assert.Null(file.WriteColumns);
    }

    [Fact]
    public async Task Without_buckets_a_writer_begins_at_sequence_number_0_again_after_a_commit_without_rows()
    {
        var table = await CreateAsync(Unaware);
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1, "a");
        await writer.CommitAsync();
        await writer.CommitAsync(new CommitOptions { AllowEmpty = true });
        await writer.UpsertAsync(2, "b");
        await writer.CommitAsync();

        Assert.Equal([0, 0], (await LiveAsync(table)).Select(entry => entry.File.MinSequenceNumber));
    }

    [Fact]
    public async Task With_buckets_sequence_numbers_go_on_in_the_next_writer()
    {
        var table = await CreateAsync(Bucketed.Option("bucket", "1"));
        for (var job = 0; job < 3; job++)
        {
            await using var writer = table.NewWriter("job");
            await writer.UpsertAsync(1, "a");
            await writer.UpsertAsync(2, "b");
            await writer.CommitAsync();
        }

        Assert.Equal([0, 2, 4], (await LiveAsync(table)).Select(entry => entry.File.MinSequenceNumber));
    }

    [Fact]
    public async Task Five_small_files_of_a_bucket_become_one_and_the_result_counts_as_one_of_the_next_five()
    {
        var table = await CreateAsync(Bucketed.Option("bucket", "1"));
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 9; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync(new CommitOptions { WaitForCompaction = true });
        }

        var kinds = (await table.SnapshotsAsync()).Select(snapshot => snapshot.CommitKind).ToList();
        Assert.Equal(
            ["APPEND", "APPEND", "APPEND", "APPEND", "APPEND", "COMPACT", "APPEND", "APPEND", "APPEND", "APPEND", "COMPACT"], kinds);
        var file = Assert.Single(await LiveAsync(table)).File;
        Assert.Equal((0, 8, 9, FileSource.Compact), (file.MinSequenceNumber, file.MaxSequenceNumber, file.RowCount, file.FileSource));
        Assert.Equal(9, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.Equal(9, (await TableKit.ChangesAsync(table, from: 1)).Count);
    }

    [Fact]
    public async Task A_full_compaction_rewrites_three_small_files_and_leaves_two()
    {
        var table = await CreateAsync(Bucketed.Option("bucket", "1"));
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 3; id++)
        {
            await writer.UpsertAsync(id, "a");
            await writer.CommitAsync();
            await writer.CompactAsync();
            var snapshots = await writer.CommitAsync();
            Assert.Equal(id < 2 ? 0 : 1, snapshots.Count);
        }

        Assert.Single(await LiveAsync(table));
    }

    [Theory]
    [InlineData("write-only", "true")]
    [InlineData("bucket", "-1")]
    public async Task Nothing_is_compacted_by_a_write_only_writer_or_without_buckets(string key, string value)
    {
        var table = await CreateAsync(key == "bucket" ? Unaware : Bucketed.Option(key, value));
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 7; id++)
        {
            await writer.UpsertAsync(1, "a");
            await writer.CommitAsync();
        }

        Assert.Equal(7, (await LiveAsync(table)).Count);
    }

    [Fact]
    public async Task A_file_ends_at_its_target_size_and_the_next_one_goes_on()
    {
        var table = await CreateAsync(Unaware.Option("target-file-size", "64 kb").Option("file.compression", "none"));
        await using var writer = table.NewWriter("job");
        var random = new Random(1);
        var bytes = new byte[16];
        for (var id = 0; id < 40_000; id++)
        {
            random.NextBytes(bytes);
            await writer.UpsertAsync(id, Convert.ToHexString(bytes));
        }

        await writer.CommitAsync();

        var files = (await LiveAsync(table)).Select(entry => entry.File).OrderBy(file => file.MinSequenceNumber).ToList();
        Assert.InRange(files.Count, 4, 6);
        Assert.Equal(40_000, files.Sum(file => file.RowCount));
        Assert.All(files.Zip(files.Skip(1)), pair => Assert.Equal(pair.First.MaxSequenceNumber + 1, pair.Second.MinSequenceNumber));
    }

    [Fact]
    public async Task Retractions_are_refused_and_none_of_their_batch_is_written()
    {
        var table = await CreateAsync(Unaware);
        await using var writer = table.NewWriter("job");

        var error = await Assert.ThrowsAsync<PaimonException>(() => writer.WriteAsync(Batch(table)).AsTask());
        await writer.CommitAsync(new CommitOptions { AllowEmpty = true });
        var delete = await Assert.ThrowsAsync<PaimonException>(() => writer.DeleteAsync(1, "a").AsTask());

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("-D", error.Message, StringComparison.Ordinal);
        Assert.Contains("ignore-delete", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Invalid, delete.Kind);
        Assert.Empty(await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Ignore_delete_leaves_retractions_out()
    {
        var table = await CreateAsync(Unaware.Option("ignore-delete", "true"));
        await using var writer = table.NewWriter("job");
        await writer.WriteAsync(Batch(table));
        await writer.CommitAsync();

        Assert.Equal(["{\"id\":1,\"name\":\"a\"}", "{\"id\":3,\"name\":\"c\"}"], await TableKit.RowsAsync(table.NewScan()));
    }

    [Fact]
    public async Task Statistics_of_any_column_rule_out_files()
    {
        var table = await CreateAsync(Unaware);
        await using var writer = table.NewWriter("job");
        for (var id = 0; id < 4; id++)
        {
            await writer.UpsertAsync(id, $"n{id}");
            await writer.CommitAsync();
        }

        var scan = table.NewScan().Filter(Predicate.Leaf(table.Schema.RowType, "name", PredicateOperator.Equal, "n2")).Project("id");

        Assert.Equal(["{\"id\":2}"], await TableKit.RowsAsync(scan));
        Assert.Equal(3, scan.PrunedFiles);
    }

    [Theory]
    [InlineData("bucket", "2", "bucket-key")]
    [InlineData("bucket-key", "id", "bucket-key")]
    [InlineData("changelog-producer", "input", "changelog-producer")]
    [InlineData("full-compaction.delta-commits", "3", "full-compaction.delta-commits")]
    public async Task Definitions_that_Paimon_refuses_are_refused(string key, string value, string named)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => CreateAsync(Unaware.Option(key, value)));

        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row-tracking.enabled")]
    [InlineData("row-tracking.enabled", "data-evolution.enabled")]
    [InlineData("clustering.incremental")]
    public async Task What_is_read_only_is_refused_by_name_when_writing(params string[] keys)
    {
        var definition = keys.Aggregate(Unaware, (table, key) => table.Option(key, "true"));

        var error = await Assert.ThrowsAsync<PaimonException>(() => CreateAsync(definition));

        Assert.Equal(ErrorKind.Unsupported, error.Kind);
        Assert.Contains(keys[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_ids_of_a_table_without_them_are_refused()
    {
        var table = await CreateAsync(Unaware);

        var error = await Assert.ThrowsAsync<PaimonException>(() => TableKit.RowsAsync(table.NewScan().WithRowIds()));

        Assert.Contains("row-tracking.enabled", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_not_committed_leaves_no_file(bool withIndexes)
    {
        var environment = TableKit.NewEnvironment();
        var definition = Bucketed.Option("write-buffer-size", "1 kb");
        var table = await CreateAsync(
            withIndexes
                ? definition.Option("file-index.bloom-filter.columns", "id").Option("file-index.in-manifest-threshold", "1 b")
                : definition,
            environment);
        await using (var writer = table.NewWriter("job"))
        {
            for (var id = 0; id < 5000; id++)
            {
                await writer.UpsertAsync(id, "some name");
            }

            await writer.PrepareCommitAsync();
            await writer.UpsertAsync(1, "more");
        }

        foreach (var entry in await environment.FileIO.ListAsync(table.Path))
        {
            if (entry.Name.StartsWith("bucket-", StringComparison.Ordinal))
            {
                Assert.Empty(await environment.FileIO.ListAsync($"{table.Path}/{entry.Name}"));
            }
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1")]
    public async Task Rows_written_between_the_halves_of_a_commit_belong_to_the_next_one(string buckets)
    {
        var table = await CreateAsync(
            (buckets == "1" ? Bucketed : Unaware).Option("bucket", buckets)
                .Option("write-buffer-size", "1 b").Option("target-file-size", "1 b"));
        await using var writer = table.NewWriter("job");
        await using var other = table.NewWriter("other");
        await writer.UpsertAsync(1, "a");
        var prepared = await writer.PrepareCommitAsync();
        var rows = new ColumnBatch(table.Schema.RowType);
        ((FixedVector<int>)rows.Columns[0]).Append(2);
        ((BinaryVector)rows.Columns[1]).Append("b");
        rows.EndRows(1);
        await writer.WriteAsync(rows);
        await other.UpsertAsync(3, "c");
        await other.CommitAsync();
        await writer.CommitPreparedAsync(prepared);
        Assert.Equal(2, (await TableKit.RowsAsync(table.NewScan())).Count);

        await writer.CommitAsync();

        Assert.Equal(3, (await TableKit.RowsAsync(table.NewScan())).Count);
    }

    private static async Task<Table> CreateAsync(TableDefinition definition, StorageEnvironment? environment = null) =>
        await (await TableKit.OpenCatalogAsync(environment)).CreateTableAsync(Name, definition);

    private static async Task<List<ManifestEntry>> LiveAsync(Table table)
    {
        var snapshot = await table.Store.Snapshots.LatestAsync();
        var entries = await table.Store.Scan.LiveAsync(snapshot!, ScanFilter.All);
        return [.. entries.OrderBy(entry => entry.File.MinSequenceNumber)];
    }

    private static ColumnBatch Batch(Table table)
    {
        var batch = new ColumnBatch(table.Schema.RowType, withKinds: true);
        foreach (var (kind, id, name) in new[] { (RowKind.Insert, 1, "a"), (RowKind.Delete, 2, "b"), (RowKind.UpdateAfter, 3, "c") })
        {
            ((FixedVector<int>)batch.Columns[0]).Append(id);
            ((BinaryVector)batch.Columns[1]).Append(name);
            batch.Kinds!.Append(kind);
            batch.EndRows(1);
        }

        return batch;
    }
}
