using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Tables on a disk, written by several writers and read by others.</summary>
public class TableReadersTests
{
    private static readonly Identifier Name = new("db", "t");

    private static readonly (DataType Type, object?[] Values)[] Columns =
    [
        (DataTypes.Boolean, [true, false, null]),
        (DataTypes.TinyInt, [-128, 0, 127, null]),
        (DataTypes.SmallInt.NotNull(), [-32768, 32767]),
        (DataTypes.BigInt, [long.MinValue, null, long.MaxValue]),
        (DataTypes.Float, [1.5f, -0.0f, null, float.MaxValue]),
        (DataTypes.Double, [1.5, double.MinValue, null]),
        (DataTypes.Decimal(9, 2), ["-1234567.89", null, "0.01"]),
        (DataTypes.Decimal(18, 18), ["0.000000000000000001", null]),
        (DataTypes.Decimal(38, 10), ["-1234567890123456789012345678.0123456789", null]),
        (DataTypes.String, ["", "ä\u0000z", null, "a string that is longer than the sixteen characters of statistics"]),
        (DataTypes.Bytes, [new byte[] { 0, 255 }, null, Array.Empty<byte>()]),
        (DataTypes.Date, ["1969-12-31", "9999-12-31", null]),
        (DataTypes.Time(3), ["23:59:59.999", null, "00:00:00"]),
        (DataTypes.Timestamp(0), ["1969-12-31 23:59:59", null, "2024-05-06 07:08:09"]),
        (DataTypes.Timestamp(3), ["1969-12-31 23:59:59.999", null]),
        (DataTypes.Timestamp(6), ["1583-01-01 00:00:00.000001", null]),
        (DataTypes.Timestamp(9), ["1969-12-31 23:59:59.999999999", null, "2024-05-06 07:08:09.000000001"]),
        (DataTypes.TimestampLtz(3), ["2024-05-06 07:08:09.123Z", null]),
        (DataTypes.TimestampLtz(6), ["1969-12-31 23:59:59.999999Z", null]),
        (DataTypes.Array(DataTypes.String), [new object?[] { "a", null }, null, Array.Empty<object?>()]),
    ];

    private static TableDefinition Definition => new TableDefinition()
        .Column("day", DataTypes.Date)
        .Column("id", DataTypes.Int)
        .Column("name", DataTypes.VarChar(20))
        .Column("at", DataTypes.Timestamp(6))
        .PrimaryKey("day", "id")
        .PartitionedBy("day")
        .Option("bucket", "2")
        .Option("changelog-producer", "input");

    [Theory]
    [InlineData("parquet")]
    [InlineData("avro")]
    public async Task An_independent_checker_finds_nothing_wrong_after_compactions_and_a_new_column(string format)
    {
        using var folder = new TempDirectory("checked");
        var catalog = await Catalog.OpenAsync(folder.Path);
        var table = await catalog.CreateTableAsync(Name, Definition.Option("file.format", format));
        await using (var writer = table.NewWriter("job"))
        {
            await WriteCommitsAsync(writer, commits: 7, rows: []);
            await writer.ApplySchemaAsync(await catalog.AlterTableAsync(Name, new SchemaChange.AddColumn("note", DataTypes.String)));
            await WriteCommitsAsync(writer, commits: 7, rows: ["hello"]);
            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        table = await catalog.GetTableAsync(Name);
        Assert.Contains(await table.SnapshotsAsync(), snapshot => snapshot.CommitKind == "COMPACT");
        await PaimonCheck.AssertValidAsync(table.Path);
        var theirs = await PaimonCheck.ReadAsync(table.Path);
        Assert.Equal((await TableKit.RowsAsync(table.NewScan())).Count, theirs.Count);
    }

    [Fact]
    public async Task Two_writers_of_one_table_lose_no_commit()
    {
        using var folder = new TempDirectory("writers");
        var catalog = await Catalog.OpenAsync(folder.Path);
        var table = await catalog.CreateTableAsync(Name, Definition);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            await using var writer = table.NewWriter($"writer-{number}");
            for (var commit = 0; commit < 12; commit++)
            {
                await writer.UpsertAsync("2024-01-01", (number * 1000) + commit, $"w{number}", null);
                await writer.UpsertAsync("2024-01-02", (number * 1000) + commit, $"w{number}", null);
                Assert.NotEmpty(await writer.CommitAsync());
            }
        })));
        var rows = await TableKit.RowsAsync(table.NewScan());
        Assert.Equal(48, rows.Distinct().Count());
        Assert.Equal(48, rows.Count);
        await PaimonCheck.AssertValidAsync(table.Path);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Two_writers_of_one_table_without_a_primary_key_lose_and_double_no_row(int buckets)
    {
        using var folder = new TempDirectory("writers");
        var catalog = await Catalog.OpenAsync(folder.Path);
        var definition = new TableDefinition()
            .Column("id", DataTypes.Int)
            .Option("bucket", $"{buckets}")
            .Option("compaction.min.file-num", "2");
        var table = await catalog.CreateTableAsync(Name, buckets > 0 ? definition.Option("bucket-key", "id") : definition);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            await using var writer = table.NewWriter($"writer-{number}");
            for (var commit = 0; commit < 12; commit++)
            {
                await writer.UpsertAsync((number * 1000) + commit);
                Assert.NotEmpty(await writer.CommitAsync());
            }
        })));
        var rows = await TableKit.RowsAsync(table.NewScan());
        Assert.Equal(24, rows.Distinct().Count());
        Assert.Equal(24, rows.Count);
        await PaimonCheck.AssertValidAsync(table.Path);
    }

    [Theory]
    [InlineData("parquet", -1, false)]
    [InlineData("avro", -1, true)]
    [InlineData("parquet", 2, true)]
    [InlineData("avro", 3, false)]
    public async Task Independent_readers_agree_on_tables_without_a_primary_key(string format, int buckets, bool isPartitioned)
    {
        using var folder = new TempDirectory("append");
        var columns = Columns.Where(column => format == "parquet" || column.Type is not TemporalType { Precision: > 6 }).ToList();
        var definition = new TableDefinition()
            .Column("id", DataTypes.Int)
            .Column("p", DataTypes.Date)
            .Option("file.format", format)
            .Option("bucket", $"{buckets}");
        for (var i = 0; i < columns.Count; i++)
        {
            definition = definition.Column($"c{i}", columns[i].Type);
        }

        definition = buckets > 0 ? definition.Option("bucket-key", "id") : definition;
        var catalog = await Catalog.OpenAsync(folder.Path);
        var table = await catalog.CreateTableAsync(Name, isPartitioned ? definition.PartitionedBy("p") : definition);
        await using (var writer = table.NewWriter("job"))
        {
            for (var commit = 0; commit < 12; commit++)
            {
                for (var id = 0; id < 20; id++)
                {
                    var values = columns.Select((column, i) => column.Values[(commit + id + i) % column.Values.Length]);
                    await writer.UpsertAsync([id, id % 3 == 0 ? null : $"2024-01-0{id % 3}", .. values]);
                }

                Assert.NotEmpty(await writer.CommitAsync());
            }

            await writer.CompactAsync();
            await writer.CommitAsync();
        }

        Assert.Equal(buckets > 0, (await table.SnapshotsAsync()).Any(snapshot => snapshot.CommitKind == "COMPACT"));
        await TableProof.ProveAsync(table.Path);
    }

    private static async Task WriteCommitsAsync(TableWriter writer, int commits, object?[] rows)
    {
        for (var commit = 0; commit < commits; commit++)
        {
            for (var id = commit; id < commit + 5; id++)
            {
                await writer.UpsertAsync([$"2024-01-0{1 + (id % 3)}", id, $"row {commit}", "2024-05-06 07:08:09.123456", .. rows]);
            }

            await writer.DeleteAsync("2024-01-01", commit);
            Assert.NotEmpty(await writer.CommitAsync());
        }
    }
}
