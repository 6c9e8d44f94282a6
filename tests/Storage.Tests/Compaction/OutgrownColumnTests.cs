using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Tables;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Merged values that files cannot hold: the error says what to change, and then the compaction goes on.</summary>
public sealed class OutgrownColumnTests
{
    [Fact]
    public async Task A_sum_of_decimals_that_outgrows_32_bits_goes_on_in_a_larger_type()
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await CreateAsync(catalog, ("v", DataTypes.Decimal(9, 2)), "fields.v.aggregate-function", "sum");
        await WriteAsync(table, async writer => await writer.UpsertAsync(1, 9_999_999.99m), 3);
        Assert.Equal(["""{"k":1,"v":"29999999.97"}"""], await TableKit.RowsAsync(table.NewScan()));
        await AssertRefusedAsync(table, "more digits");
        await catalog.AlterTableAsync(MaintainedTable.Name, new SchemaChange.UpdateColumnType(["v"], DataTypes.Decimal(18, 2)));
        await AssertCompactedAsync(await catalog.GetTableAsync(MaintainedTable.Name), """{"k":1,"v":"29999999.97"}""");
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("avro")]
    public async Task A_row_that_is_taken_back_from_a_column_that_is_NOT_NULL_goes_on_where_it_is_nullable(string format)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await CreateAsync(catalog, ("v", DataTypes.Int.NotNull()), "file.format", format);
        await WriteAsync(table, async writer => await writer.UpsertAsync(1, 5), 1);
        await WriteAsync(table, async writer => await writer.DeleteAsync(1, 5), 1);
        await AssertRefusedAsync(table, "nullable");
        await catalog.AlterTableAsync(MaintainedTable.Name, new SchemaChange.UpdateColumnNullability(["v"], IsNullable: true));
        await AssertCompactedAsync(await catalog.GetTableAsync(MaintainedTable.Name), """{"k":1,"v":null}""");
    }

    private static ValueTask<Table> CreateAsync(Catalog catalog, (string Name, DataType Type) column, string key, string value) =>
        catalog.CreateTableAsync(
            MaintainedTable.Name,
            new TableDefinition().Column("k", DataTypes.Int).Column(column.Name, column.Type).PrimaryKey("k").Option("bucket", "1")
                .Option("merge-engine", "aggregation").Option(key, value));

    private static async Task WriteAsync(Table table, Func<TableWriter, Task> write, int commits)
    {
        await using var writer = table.NewWriter();
        for (var i = 0; i < commits; i++)
        {
            await write(writer);
            await writer.CommitAsync();
        }
    }

    private static async Task AssertRefusedAsync(Table table, string advice)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => CompactAsync(table));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    private static async Task AssertCompactedAsync(Table table, string expected)
    {
        await CompactAsync(table);
        Assert.Single(await table.FilesAsync());
        Assert.Equal([expected], await TableKit.RowsAsync(table.NewScan()));
    }

    private static async Task CompactAsync(Table table)
    {
        await using var writer = table.NewWriter();
        await writer.CompactAsync();
        await writer.CommitAsync();
    }
}
