using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Tables on a disk, written by several writers and read by others.</summary>
public class TableReadersTests
{
    private static readonly Identifier Name = new("db", "t");

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
