using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Compaction;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Partitions that are older than a time go, by their values or by their newest file.</summary>
public class PartitionExpiryTests
{
    private static readonly Identifier Name = new("db", "t");
    private readonly ManualTime _time = new(new DateTimeOffset(2024, 6, 1, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData("", "2024-05-30 2024-05-24 2024-1-2 2024-05-26", "2024-05-24 2024-1-2")]
    [InlineData("", "2024-05-30 12:00:00|2024-05-25 11:59:59|2024-05-25 12:30:00|0-1-1|12024-01-01", "0-1-1|2024-05-25 11:59:59")]
    [InlineData("", "2024-4-31 23:59:60.5|2024-5-32 1:1:1|2024-17-1", "2024-4-31 23:59:60.5")]
    [InlineData("partition.timestamp-formatter=yyyyMMdd", "20240101 20240531 2024-01-01 x", "20240101")]
    [InlineData("partition.timestamp-formatter=dd.MM.yyyy", "01.02.2024 30.05.2024", "01.02.2024")]
    [InlineData("partition.timestamp-pattern=$p-01|partition.timestamp-formatter=yyyy-MM-dd", "2024-04 2024-06", "2024-04")]
    [InlineData("partition.expiration-max-num=2", "2024-01-03 2024-01-01 2024-01-02", "2024-01-01 2024-01-02")]
    public async Task Values_that_name_an_older_time_are_gone(string options, string partitions, string expected)
    {
        var divider = partitions.Contains('|', StringComparison.Ordinal) ? '|' : ' ';
        var table = await CreateAsync(DataTypes.String, ["", .. options.Split('|', StringSplitOptions.RemoveEmptyEntries)]);
        await WriteAsync(table, [.. partitions.Split(divider).Select(text => (object?)text), null]);

        var expired = await table.Maintenance.ExpirePartitionsAsync();

        Assert.Equal(expected, string.Join(divider, expired.Select(partition => partition.Single().Value)));
        var left = partitions.Split(divider).Except(expected.Split(divider)).Append("null");
        Assert.Equal(left.Order(StringComparer.Ordinal), (await PartitionsAsync(table)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_date_names_no_time_as_its_text_is_a_number()
    {
        var table = await CreateAsync(DataTypes.Date);
        await WriteAsync(table, [new DateOnly(2020, 1, 1)]);

        Assert.Empty(await table.Maintenance.ExpirePartitionsAsync());
    }

    [Fact]
    public async Task By_update_time_the_newest_file_of_a_partition_counts()
    {
        var table = await CreateAsync(DataTypes.String, "", "partition.expiration-strategy=update-time");
        await WriteAsync(table, ["a", "b", null]);
        _time.Advance(TimeSpan.FromDays(6));
        await WriteAsync(table, ["b"]);
        Assert.Empty(await table.Maintenance.ExpirePartitionsAsync());
        _time.Advance(TimeSpan.FromDays(2));

        var expired = await table.Maintenance.ExpirePartitionsAsync();

        Assert.Equal("__DEFAULT_PARTITION__ a", string.Join(' ', expired.Select(partition => partition.Single().Value)));
        Assert.Equal(["b"], await PartitionsAsync(table));
    }

    [Fact]
    public async Task A_partition_that_is_written_to_meanwhile_is_not_old_any_more()
    {
        var files = new HookedFileIO();
        var environment = new StorageEnvironment(files) { TimeProvider = _time };
        var table = await CreateAsync(environment, DataTypes.String, "", "partition.expiration-strategy=update-time");
        await WriteAsync(table, ["a", "b"]);
        _time.Advance(TimeSpan.FromDays(8));
        files.Opening = async path =>
        {
            if (path.Contains("/manifest/manifest-", StringComparison.Ordinal))
            {
                files.Opening = null;
                await WriteAsync(table, ["b"]);
            }
        };

        await table.Maintenance.ExpirePartitionsAsync();

        Assert.Null(files.Opening);
        Assert.Equal(["b"], await PartitionsAsync(table));
    }

    [Fact]
    public async Task A_dry_run_removes_nothing_and_batches_are_snapshots_of_their_own()
    {
        var table = await CreateAsync(DataTypes.String, "partition.expiration-batch-size=2");
        await WriteAsync(table, ["2024-01-01", "2024-01-02", "2024-01-03", "2024-06-01"]);

        Assert.Equal(3, (await table.Maintenance.ExpirePartitionsAsync(isDryRun: true)).Count);
        Assert.Equal(1, (await table.LatestSnapshotAsync())!.Id);
        Assert.Equal(3, (await table.Maintenance.ExpirePartitionsAsync(commitUser: "me")).Count);

        var latest = (await table.LatestSnapshotAsync())!;
        Assert.Equal((3, "OVERWRITE", "me", long.MaxValue), (latest.Id, latest.CommitKind, latest.CommitUser, latest.CommitIdentifier));
        Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan().AsOfSnapshot(1))).Count);
    }

    [Fact]
    public async Task A_commit_expires_partitions_under_its_own_number_with_its_own_properties()
    {
        var table = await CreateAsync(DataTypes.String, "partition.expiration-check-interval=0 s");
        await using var writer = table.NewWriter("job");
        await writer.UpsertAsync("2024-01-01", 1, "old");
        await writer.UpsertAsync("2024-06-01", 1, "new");

        await writer.CommitAsync(new CommitOptions { Properties = new Dictionary<string, string> { ["position"] = "7" } });

        var latest = (await table.LatestSnapshotOfUserAsync("job"))!;
        Assert.Equal((2, "OVERWRITE", 1), (latest.Id, latest.CommitKind, latest.CommitIdentifier));
        Assert.Equal("7", latest.Properties["position"]);
        Assert.Equal(["2024-06-01"], await PartitionsAsync(table));
    }

    [Fact]
    public async Task A_writer_goes_on_with_a_partition_that_expired_under_it()
    {
        var table = await CreateAsync(DataTypes.String, "partition.expiration-check-interval=1 h", "num-sorted-run.compaction-trigger=2");
        await using var writer = table.NewWriter("job");
        for (var round = 0; round < 6; round++)
        {
            await writer.UpsertAsync("2024-01-01", round, "old");
            await writer.UpsertAsync("2024-06-01", round, "new");
            await writer.CommitAsync();
            _time.Advance(TimeSpan.FromMinutes(40));
        }

        await writer.CompactAsync();
        await writer.CommitAsync();

        var rows = await TableKit.RowsAsync(table.NewScan());
        Assert.Equal(6, rows.Count(row => row.Contains("new", StringComparison.Ordinal)));
        Assert.InRange(rows.Count(row => row.Contains("old", StringComparison.Ordinal)), 0, 2);
    }

    [Fact]
    public async Task A_table_looks_for_expired_partitions_once_an_interval_and_not_when_it_is_write_only()
    {
        var table = await CreateAsync(DataTypes.String, "partition.expiration-check-interval=1 d");
        await using var writer = table.NewWriter("job");
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await RoundAsync(writer, expected: "");
        await RoundAsync(writer, expected: "2024-01-01");
        _time.Advance(TimeSpan.FromDays(1));
        await RoundAsync(writer, expected: "");
        await using var silent = table.WithOptions(new Dictionary<string, string>
        {
            ["write-only"] = "true",
            ["partition.expiration-check-interval"] = "0 s",
        }).NewWriter("silent");
        await RoundAsync(silent, expected: "2024-01-01");

        async Task RoundAsync(TableWriter round, string expected)
        {
            await round.UpsertAsync("2024-01-01", 1, "v");
            await round.CommitAsync();
            Assert.Equal(expected, string.Join(' ', await PartitionsAsync(table)));
        }
    }

    [Fact]
    public async Task A_batch_looks_at_its_end_where_the_table_says_so()
    {
        var table = await CreateAsync(
            DataTypes.String, "partition.expiration-check-interval=1000 d", "end-input.check-partition-expire=true");
        await WriteAsync(table, ["2024-01-01"]);
        Assert.Equal(["2024-01-01"], await PartitionsAsync(table));

        await using var batch = table.NewOverwriter(new Dictionary<string, string>());
        await batch.UpsertAsync("2024-06-01", 1, "v");
        await batch.CommitAsync();

        Assert.Equal(["2024-06-01"], await PartitionsAsync(table));
    }

    [Theory]
    [InlineData("partition.expiration-strategy=newest", ErrorKind.Invalid, "values-time or update-time")]
    [InlineData("partition.timestamp-formatter=yyyy-MMM", ErrorKind.Unsupported, "MMM")]
    [InlineData("partition.expiration-max-num=many", ErrorKind.Invalid, "'many'")]
    public async Task Options_that_make_no_sense_make_no_table(string option, ErrorKind kind, string part)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => CreateAsync(DataTypes.String, option));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A table; without a primary key, so that its partition may be NULL, where the first option is empty.</summary>
    private Task<Table> CreateAsync(DataType partition, params string[] options) =>
        CreateAsync(TableKit.NewEnvironment() with { TimeProvider = _time }, partition, options);

    private static async Task<Table> CreateAsync(StorageEnvironment environment, DataType partition, params string[] options)
    {
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var definition = new TableDefinition()
            .Column("p", partition).Column("k", DataTypes.Int).Column("v", DataTypes.String)
            .PartitionedBy("p").Option("partition.expiration-time", "7 d");
        definition = options.FirstOrDefault() == "" ? definition : definition.PrimaryKey("p", "k");
        return await catalog.CreateTableAsync(Name, options.Where(option => option.Length > 0).Select(option => option.Split('='))
            .Aggregate(definition, (table, option) => table.Option(option[0], option[1])));
    }

    private static async Task WriteAsync(Table table, object?[] partitions)
    {
        await using var writer = table.WithOptions(new Dictionary<string, string> { ["write-only"] = "true" }).NewWriter("rows");
        foreach (var partition in partitions)
        {
            await writer.UpsertAsync(partition, 1, "v");
        }

        await writer.CommitAsync();
    }

    private static async Task<List<string>> PartitionsAsync(Table table)
    {
        var partitions = new List<string>();
        await foreach (var row in table.NewScan().Project("p").ReadRowsAsync())
        {
            partitions.Add(row.IsNull("p") ? "null" : row.GetString("p"));
        }

        return [.. partitions.Distinct()];
    }
}
