using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

public class OverwriteTests
{
    private static readonly Identifier Name = new("shop", "orders");

    [Fact]
    public async Task A_dynamic_overwrite_replaces_the_partitions_it_writes_to()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"), (1, 2, "a"), (2, 1, "a"));
        await using (var writer = table.NewOverwriter())
        {
            await writer.UpsertAsync(1, 3, "b");
            var snapshot = Assert.Single(await writer.CommitAsync());
            Assert.Equal(("OVERWRITE", long.MaxValue), (snapshot.CommitKind, snapshot.CommitIdentifier));
            var error = await Assert.ThrowsAsync<PaimonException>(() => writer.UpsertAsync(1, 4, "b").AsTask());
            Assert.Equal(ErrorKind.Closed, error.Kind);
        }

        Assert.Equal(["1/a", "3/b"], await KeysAsync(table));
        Assert.Equal(0, (await table.FilesAsync()).Single(file => file.Partition == "p=1").MinSequenceNumber);
    }

    [Theory]
    [InlineData("1969-10-13", "-80")]
    [InlineData("2024-01-01", "19723")]
    public async Task A_partition_by_date_is_named_by_its_date_or_as_its_folder_is(string date, string day)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        foreach (var text in new[] { date, day })
        {
            var name = new Identifier("shop", $"t{text}");
            var definition = new TableDefinition().Column("d", DataTypes.Date).Column("k", DataTypes.Int).PrimaryKey("d", "k").PartitionedBy("d");
            var table = await catalog.CreateTableAsync(name, definition);
            await using var writer = table.NewWriter();
            await writer.UpsertAsync(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), 1);
            await writer.UpsertAsync(new DateOnly(2000, 1, 1), 2);
            await writer.CommitAsync();
            Assert.Contains(await table.FilesAsync(), file => file.Partition == $"d={day}");
            await table.DropPartitionsAsync([new Dictionary<string, string> { ["d"] = text }]);
            Assert.Equal(["""{"d":"2000-01-01","k":2}"""], await TableKit.RowsAsync(table.NewScan()));
        }
    }

    [Fact]
    public async Task A_dynamic_overwrite_without_rows_commits_nothing_and_a_static_one_empties_the_table()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"), (2, 1, "a"));
        await using (var writer = table.NewOverwriter())
        {
            Assert.Empty(await writer.CommitAsync());
        }

        Assert.Equal(2, (await KeysAsync(table)).Count);
        table = await OpenAsync(table, ("dynamic-partition-overwrite", "false"));
        await using (var writer = table.NewOverwriter())
        {
            Assert.Single(await writer.CommitAsync());
        }

        Assert.Empty(await KeysAsync(table));
    }

    [Fact]
    public async Task A_static_overwrite_replaces_the_partition_named_and_refuses_rows_of_others()
    {
        var table = await OpenAsync(await CreateAsync(), ("dynamic-partition-overwrite", "false"));
        await WriteAsync(table, (1, 1, "a"), (2, 1, "a"));
        await using (var writer = table.NewOverwriter(new Dictionary<string, string> { ["p"] = "1" }))
        {
            await writer.UpsertAsync(2, 9, "b");
            var error = await Assert.ThrowsAsync<PaimonException>(() => writer.CommitAsync().AsTask());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
        }

        await using (var writer = table.NewOverwriter(new Dictionary<string, string> { ["p"] = "1" }))
        {
            await writer.UpsertAsync(1, 5, "b");
            await writer.CommitAsync();
        }

        Assert.Equal(["1/a", "5/b"], await KeysAsync(table));
        Assert.Throws<PaimonException>(() => table.NewOverwriter(new Dictionary<string, string> { ["k"] = "1" }));
    }

    [Fact]
    public async Task The_only_file_of_an_overwritten_bucket_goes_to_the_highest_level()
    {
        var table = await CreateAsync();
        await using (var writer = table.NewOverwriter())
        {
            await writer.UpsertAsync(1, 1, "a");
            await writer.CommitAsync();
        }

        Assert.Equal(5, Assert.Single(await table.FilesAsync()).Level);
        await WriteAsync(table, (1, 2, "b"));
        Assert.Equal(["1/a", "2/b"], await KeysAsync(table));
    }

    [Fact]
    public async Task Partitions_are_dropped_and_a_table_is_truncated()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"), (2, 2, "a"), (3, 3, "a"), (9, 4, "a"));
        await table.DropPartitionsAsync(
            [new Dictionary<string, string> { ["p"] = "1" }, new Dictionary<string, string> { ["p"] = "9" }]);
        Assert.Equal(["2/a", "3/a"], await KeysAsync(table));
        var snapshot = await table.TruncateAsync("me");
        Assert.Equal(("OVERWRITE", "me", 0L), (snapshot.CommitKind, snapshot.CommitUser, snapshot.TotalRecordCount));
        Assert.Empty(await KeysAsync(table));
        await Assert.ThrowsAsync<PaimonException>(() => table.DropPartitionsAsync([]).AsTask());
        await Assert.ThrowsAsync<PaimonException>(
            () => table.DropPartitionsAsync([new Dictionary<string, string> { ["v"] = "1" }]).AsTask());
    }

    [Fact]
    public async Task An_overwrite_takes_away_what_was_committed_while_it_was_written()
    {
        var table = await CreateAsync();
        await using var writer = table.NewOverwriter();
        await writer.UpsertAsync(1, 1, "new");
        await WriteAsync(table, (1, 2, "meanwhile"), (2, 3, "elsewhere"));
        await writer.CommitAsync();
        Assert.Equal(["1/new", "3/elsewhere"], await KeysAsync(table));
    }

    [Fact]
    public async Task A_new_number_of_buckets_is_refused_until_the_partition_is_overwritten()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"));
        var wide = await OpenAsync(table, ("bucket", "3"));
        var error = await Assert.ThrowsAsync<PaimonException>(() => WriteAsync(wide, (1, 2, "b")));
        Assert.Contains("has 3 buckets now, the partition that is written has 1", error.Message, StringComparison.Ordinal);
        await using (var writer = wide.NewOverwriter())
        {
            await writer.UpsertAsync(1, 1, "b");
            await writer.CommitAsync();
        }

        await WriteAsync(wide, (1, 2, "c"));
        Assert.Equal(["1/b", "2/c"], await KeysAsync(wide));
    }

    [Fact]
    public async Task Rows_that_come_with_one_of_a_partition_with_another_number_of_buckets_are_refused_with_it()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"));
        var wide = await OpenAsync(table, ("bucket", "3"));
        await using var writer = wide.NewWriter("job");
        var batch = new ColumnBatch(wide.Schema.RowType, withKinds: true);
        RowAppender.Upsert(batch, [2, 2, "batch"]);
        RowAppender.Upsert(batch, [1, 3, "batch"]);
        await RefusesAsync(() => writer.WriteAsync(batch));
        await writer.UpsertAsync(2, 4, "gathered");
        await writer.UpsertAsync(1, 5, "gathered");
        await RefusesAsync(async () => await writer.CommitAsync());
        Assert.Empty(await writer.CommitAsync());
        Assert.Equal((0L, 0L), (writer.Progress.Rows, writer.Progress.BufferedBytes));

        await writer.UpsertAsync(2, 6, "later");
        await writer.CommitAsync();
        Assert.Equal(["1/a", "6/later"], await KeysAsync(wide));
    }

    [Fact]
    public async Task What_was_prepared_before_a_crash_is_committed_once()
    {
        var table = await CreateAsync();
        PreparedCommit prepared;
        await using (var writer = table.NewWriter("job"))
        {
            await writer.UpsertAsync(1, 1, "a");
            prepared = await writer.PrepareCommitAsync();
            await writer.CommitPreparedAsync(prepared, new CommitOptions { Identifier = 7 });
        }

        Assert.Equal(0, await table.RecoverAsync("job", [new RecoveredCommit(7, prepared)]));
        Assert.Equal(1, await table.RecoverAsync("other", [new RecoveredCommit(1, new PreparedCommit([]))]));
        Assert.Single(await KeysAsync(table));
        Assert.Equal([7L], (await table.SnapshotsAsync()).Select(snapshot => snapshot.CommitIdentifier));
    }

    [Fact]
    public async Task Statistics_are_left_and_inherited_until_the_schema_changes()
    {
        var table = await CreateAsync();
        await WriteAsync(table, (1, 1, "a"));
        var analyzed = await table.Maintenance.CommitStatisticsAsync(1, 10, "me");
        Assert.Equal(("ANALYZE", long.MaxValue), (analyzed.CommitKind, analyzed.CommitIdentifier));
        await WriteAsync(table, (1, 2, "a"));
        var latest = (await table.Store.Snapshots.LatestAsync())!;
        Assert.NotNull(latest.Statistics);
        var text = await SmallFiles.ReadAsync(table.Environment.FileIO, table.Store.Paths.Statistics(latest.Statistics), default);
        Assert.Equal(
            "{\n  \"snapshotId\" : 1,\n  \"schemaId\" : 0,\n  \"mergedRecordCount\" : 1,\n  \"mergedRecordSize\" : 10,\n"
            + "  \"colStats\" : { }\n}",
            System.Text.Encoding.UTF8.GetString(text));
    }

    [Fact]
    public async Task Manifests_are_joined_into_one()
    {
        var table = await CreateAsync();
        for (var i = 0; i < 4; i++)
        {
            await WriteAsync(table, (1, i, "a"));
        }

        var snapshot = await table.Maintenance.CompactManifestsAsync("me");
        Assert.Equal(("COMPACT", long.MaxValue, 0L), (snapshot!.CommitKind, snapshot.CommitIdentifier, snapshot.DeltaRecordCount));
        var manifests = await table.Store.ManifestLists.ReadAllAsync((await table.Store.Snapshots.LatestAsync())!, default);
        Assert.Equal(4, Assert.Single(manifests).AddedFileCount);
        Assert.Null(await table.Maintenance.CompactManifestsAsync("me"));
        Assert.Equal(4, (await KeysAsync(table)).Count);
    }

    [Fact]
    public async Task Joined_manifests_do_not_carry_the_position_of_another_job()
    {
        var table = await CreateAsync();
        var position = new Dictionary<string, string> { ["paimonsharp.sync.position"] = "2" };
        await WriteAsync(table, (1, 1, "a"));
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync(1, 2, "a");
        await writer.CommitAsync(new() { Properties = position });
        var joined = await table.Maintenance.CompactManifestsAsync("me");
        Assert.Empty(joined!.Properties);

        await writer.UpsertAsync(1, 3, "a");
        await writer.CommitAsync(new() { Properties = position });
        joined = await table.Maintenance.CompactManifestsAsync("job");
        Assert.Equal(position, joined!.Properties);
    }

    private static async Task RefusesAsync(Func<ValueTask> write)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(async () => await write());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("the partition that is written has 1", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Table> CreateAsync()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        return await catalog.CreateTableAsync(
            Name,
            new TableDefinition().Column("p", DataTypes.Int).Column("k", DataTypes.Int).Column("v", DataTypes.String)
                .PrimaryKey("p", "k").PartitionedBy("p"));
    }

    private static async Task<Table> OpenAsync(Table table, params (string Key, string Value)[] options) =>
        await Table.OpenAsync(
            table.Path, options.ToDictionary(option => option.Key, option => option.Value), table.Environment);

    private static async Task WriteAsync(Table table, params (int Partition, int Key, string Value)[] rows)
    {
        await using var writer = table.NewWriter("writer");
        foreach (var (partition, key, value) in rows)
        {
            await writer.UpsertAsync(partition, key, value);
        }

        await writer.CommitAsync();
    }

    private static async Task<List<string>> KeysAsync(Table table)
    {
        var rows = new List<string>();
        await foreach (var row in table.NewScan().ReadRowsAsync())
        {
            rows.Add($"{row.GetInt32(1)}/{row.GetString(2)}");
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
