using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Rows whose time is too long ago go when they are compacted; times are those of 2024-06-01 12:00 UTC and later.</summary>
public class RecordExpiryTests
{
    private static readonly DateTimeOffset Now = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Old = Now.AddDays(-1).AddMinutes(-1);
    private static readonly DateTimeOffset Young = Now.AddDays(-1).AddMinutes(5);
    private readonly ManualTime _time = new(Now, TimeSpan.FromMilliseconds(1));

    public static TheoryData<string, DataType, object, object> Times => new()
    {
        { "INT, seconds", DataTypes.Int, (int)Old.ToUnixTimeSeconds(), (int)Young.ToUnixTimeSeconds() },
        { "BIGINT, seconds", DataTypes.BigInt, Old.ToUnixTimeSeconds(), Young.ToUnixTimeSeconds() },
        { "BIGINT, milliseconds", DataTypes.BigInt, Old.ToUnixTimeMilliseconds(), Young.ToUnixTimeMilliseconds() },
        { "TIMESTAMP(0)", DataTypes.Timestamp(0), Old.UtcDateTime, Young.UtcDateTime },
        { "TIMESTAMP(6)", DataTypes.Timestamp(6), Old.UtcDateTime, Young.UtcDateTime },
        { "TIMESTAMP_LTZ(3)", DataTypes.TimestampLtz(3), Old, Young },
    };

    [Theory]
    [InlineData("none")]
    [InlineData("lookup")]
    public async Task Rows_that_may_expire_are_replaced_in_tables_with_deletion_vectors(string producer)
    {
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment() with { TimeProvider = _time });
        var table = await catalog.CreateTableAsync(new Identifier("db", "marked"), new TableDefinition()
            .Column("k", DataTypes.Int).Column("v", DataTypes.Int).Column("t", DataTypes.Timestamp(3)).PrimaryKey("k")
            .Option("deletion-vectors.enabled", "true").Option("changelog-producer", producer)
            .Option("record-level.expire-time", "1 d").Option("record-level.time-field", "t"));
        await using var writer = table.NewWriter();
        for (var i = 0; i < 3; i++)
        {
            await writer.UpsertAsync(1, i, Now.UtcDateTime.AddDays(i - 2));
            await writer.UpsertAsync(2 + i, i, Now.UtcDateTime);
            await writer.CommitAsync();
        }

        await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        var rows = await TableKit.RowsAsync(table.NewScan().Project("k", "v"));
        Assert.Equal(["""{"k":1,"v":2}""", """{"k":2,"v":0}""", """{"k":3,"v":1}""", """{"k":4,"v":2}"""], rows);
    }

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Old_rows_go_with_a_compaction_and_rows_without_a_time_stay(string name, DataType type, object old, object young)
    {
        Assert.NotEmpty(name);
        var table = await CreateAsync(type);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, old, "old");
        await writer.UpsertAsync(2, young, "young");
        await writer.UpsertAsync(3, null, "none");
        await writer.CommitAsync();
        Assert.Equal("1 2 3", await KeysAsync(table));

        await writer.CompactAsync();
        await writer.CommitAsync();

        Assert.Equal("2 3", await KeysAsync(table));
        _time.Advance(TimeSpan.FromMinutes(10));
        await writer.CompactAsync();
        await writer.CommitAsync();
        Assert.Equal("3", await KeysAsync(table));
    }

    [Fact]
    public async Task Without_statistics_of_the_time_old_rows_go_when_their_file_is_rewritten_for_another_reason()
    {
        var table = await CreateAsync(DataTypes.Timestamp(9));
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, Old.UtcDateTime, "old");
        await writer.CommitAsync();
        await writer.CompactAsync();
        await writer.CommitAsync();
        Assert.Equal("1", await KeysAsync(table));
        await writer.UpsertAsync(2, Young.UtcDateTime, "young");
        await writer.CommitAsync();

        await writer.CompactAsync();
        await writer.CommitAsync();

        Assert.Equal("2", await KeysAsync(table));
    }

    [Fact]
    public async Task An_expired_version_of_a_key_does_not_hide_an_older_one_that_is_not()
    {
        var table = await CreateAsync(DataTypes.Int);
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(1, (int)Young.ToUnixTimeSeconds(), "first");
        await writer.CommitAsync();
        await writer.UpsertAsync(1, (int)Old.ToUnixTimeSeconds(), "second");
        await writer.CommitAsync();

        await writer.CompactAsync();
        await writer.CommitAsync();

        Assert.Contains("first", Assert.Single(await TableKit.RowsAsync(table.NewScan())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_of_which_nothing_is_left_has_no_file()
    {
        var table = await CreateAsync(DataTypes.Int);
        await using var writer = table.NewWriter();
        for (var key = 0; key < 20_000; key++)
        {
            await writer.UpsertAsync(key, (int)Old.ToUnixTimeSeconds(), "old");
        }

        await writer.CommitAsync();
        await writer.CompactAsync();
        await writer.CommitAsync();

        Assert.Equal(0, (await table.LatestSnapshotAsync())!.TotalRecordCount);
        await writer.UpsertAsync(1, null, "new");
        await writer.CommitAsync();
        Assert.Equal("1", await KeysAsync(table));
    }

    [Fact]
    public async Task A_file_of_an_older_schema_is_read_by_the_column_as_it_is_now()
    {
        var table = await CreateAsync(DataTypes.Int);
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, (int)Old.ToUnixTimeSeconds(), "old");
            await writer.UpsertAsync(2, (int)Young.ToUnixTimeSeconds(), "young");
            await writer.CommitAsync();
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        await table.AlterAsync([
            new SchemaChange.UpdateColumnType(["t"], DataTypes.BigInt, KeepNullability: true),
            new SchemaChange.RenameColumn(["t"], "time"),
            new SchemaChange.SetOption("record-level.time-field", "time"),
        ]);
        _time.Advance(TimeSpan.FromMinutes(10));
        var altered = await Table.OpenAsync(table.Path, environment: table.Environment);
        await using var later = altered.NewWriter();
        await later.UpsertAsync(3, Now.AddDays(9).ToUnixTimeSeconds(), "new");
        await later.CommitAsync();
        await later.CompactAsync();
        await later.CommitAsync();

        Assert.Equal("3", await KeysAsync(altered));
    }

    [Theory]
    [InlineData("avro", "none")]
    [InlineData("parquet", "lookup")]
    [InlineData("parquet", "full-compaction")]
    public async Task Only_files_with_expired_rows_are_rewritten_where_all_is_merged_already(string format, string producer)
    {
        var table = await CreateAsync(
            DataTypes.Int, ("file.format", format), ("changelog-producer", producer), ("target-file-size", "1 b"));
        await using var writer = table.NewWriter();
        for (var key = 0; key < 40_000; key++)
        {
            await writer.UpsertAsync(key, (int)(key < 20_000 ? Young : Now).ToUnixTimeSeconds(), $"value {key}");
        }

        await writer.CommitAsync();
        await writer.CompactAsync();
        await writer.CommitAsync();
        var before = await FilesAsync(table);
        _time.Advance(TimeSpan.FromMinutes(10));
        await writer.CompactAsync();
        await writer.CommitAsync();

        var after = await FilesAsync(table);
        Assert.Equal(20_000, (await TableKit.RowsAsync(table.NewScan())).Count);
        Assert.True(before.Count > 1, "one file tells nothing");
        Assert.NotEmpty(before.Intersect(after));
        Assert.NotEmpty(before.Except(after));
    }

    [Theory]
    [InlineData("lookup", "false")]
    [InlineData("lookup", "true")]
    [InlineData("full-compaction", "false")]
    [InlineData("none", "true")]
    public async Task A_row_that_has_expired_is_no_longer_what_a_key_had(string producer, string deletionVectors)
    {
        var table = await CreateAsync(
            DataTypes.Int,
            ("merge-engine", "partial-update"), ("changelog-producer", producer), ("deletion-vectors.enabled", deletionVectors));
        await using var writer = table.NewWriter();
        await CommitAsync(1, Young, "first");
        await CommitAsync(2, Now, "first");
        _time.Advance(TimeSpan.FromMinutes(10));

        // Until a compaction has to do with the row, a scan and a lookup of the key give it.
        Assert.Equal("1 2", await KeysAsync(table));
        Assert.NotNull(await table.GetAsync(1));
        var last = (await table.LatestSnapshotAsync())!.Id;

        await CommitAsync(1, Now, null);
        await CommitAsync(2, Now, null);

        var now = Now.ToUnixTimeSeconds();
        Assert.Equal([$$"""{"k":1,"t":{{now}},"v":null}""", $$"""{"k":2,"t":{{now}},"v":"first"}"""], await TableKit.RowsAsync(table.NewScan()));
        Assert.True((await table.GetAsync(1))!.Value.IsNull("v"));
        if (producer != "none")
        {
            var changes = await TableKit.ChangesAsync(table, last + 1);
            Assert.Equal(
                [$"+I (1, {now}, NULL)", $"-U (2, {now}, first)", $"+U (2, {now}, first)"],
                changes.Select(change => change[(change.IndexOf(' ') + 1)..]));
        }

        async Task CommitAsync(int key, DateTimeOffset time, string? value)
        {
            await writer.UpsertAsync(key, (int)time.ToUnixTimeSeconds(), value);
            if (producer == "full-compaction")
            {
                await writer.CompactAsync();
            }

            await writer.CommitAsync(new CommitOptions { WaitForCompaction = true });
        }
    }

    [Fact]
    public async Task Options_without_a_time_column_make_no_table()
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => CreateAsync(DataTypes.String));
        Assert.Contains("INT, BIGINT or TIMESTAMP", error.Message, StringComparison.Ordinal);

        var catalog = await TableKit.OpenCatalogAsync();
        error = await Assert.ThrowsAsync<PaimonException>(() => catalog.CreateTableAsync(
            new Identifier("db", "t"),
            new TableDefinition().Column("k", DataTypes.Int).PrimaryKey("k").Option("record-level.expire-time", "1 d")).AsTask());
        Assert.Contains("'record-level.time-field'", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> KeysAsync(Table table)
    {
        var keys = new List<int>();
        await foreach (var row in table.NewScan().Project("k").ReadRowsAsync())
        {
            keys.Add(row.GetInt32("k"));
        }

        return string.Join(' ', keys.Order());
    }

    private static async Task<List<string>> FilesAsync(Table table)
    {
        var latest = await table.Store.Snapshots.LatestAsync();
        return [.. (await table.Store.Scan.LiveAsync(latest!, ScanFilter.All)).Select(entry => entry.File.FileName)];
    }

    private async Task<Table> CreateAsync(DataType time, params (string Key, string Value)[] options)
    {
        var catalog = await TableKit.OpenCatalogAsync(TableKit.NewEnvironment() with { TimeProvider = _time });
        var definition = new TableDefinition()
            .Column("k", DataTypes.Int).Column("t", time).Column("v", DataTypes.String).PrimaryKey("k")
            .Option("record-level.expire-time", "1 d").Option("record-level.time-field", "t");
        return await catalog.CreateTableAsync(
            new Identifier("db", "t"), options.Aggregate(definition, (table, option) => table.Option(option.Key, option.Value)));
    }
}
