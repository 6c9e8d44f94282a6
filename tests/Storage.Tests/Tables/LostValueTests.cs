using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>Values that a narrower DECIMAL cannot hold: NULL when read, never written so by a compaction.</summary>
public class LostValueTests
{
    private static readonly Identifier Name = new("db", "t");

    [Theory]
    [InlineData("parquet")]
    [InlineData("avro")]
    public async Task A_compaction_refuses_to_write_null_for_a_value_that_is_read_as_null(string format)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, new TableDefinition()
            .Column("k", DataTypes.Int).Column("d", DataTypes.Decimal(9, 2)).PrimaryKey("k")
            .Option("num-sorted-run.compaction-trigger", "1000").Option("file.format", format));
        await UpsertAsync(table, 1, 1234567.89m);
        await catalog.AlterTableAsync(Name, new SchemaChange.UpdateColumnType(["d"], DataTypes.Decimal(4, 1)));
        table = await catalog.GetTableAsync(Name);
        await UpsertAsync(table, 2, 5m);
        Assert.Equal(["""{"k":1,"d":null}""", """{"k":2,"d":"5.0"}"""], await TableKit.RowsAsync(table.NewScan()));

        await using (var writer = table.NewWriter())
        {
            var error = await Assert.ThrowsAsync<PaimonException>(async () => await writer.CompactAsync());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            Assert.Contains("column 'd'", error.Message, StringComparison.Ordinal);
        }

        // A newer version of the row, and nothing is lost any more.
        await UpsertAsync(table, 1, 6m);
        await using (var writer = table.NewWriter())
        {
            await writer.CompactAsync();
            Assert.Single(await writer.CommitAsync());
        }

        Assert.Equal(["""{"k":1,"d":"6.0"}""", """{"k":2,"d":"5.0"}"""], await TableKit.RowsAsync(table.NewScan()));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public async Task A_value_that_no_DECIMAL_comes_near_makes_a_scan_fail(float value)
    {
        var catalog = await TableKit.OpenCatalogAsync();
        var table = await catalog.CreateTableAsync(Name, new TableDefinition()
            .Column("k", DataTypes.Int).Column("d", DataTypes.Float).PrimaryKey("k"));
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync(1, value);
            await writer.CommitAsync();
        }

        await catalog.AlterTableAsync(Name, new SchemaChange.UpdateColumnType(["d"], DataTypes.Int));
        await catalog.AlterTableAsync(Name, new SchemaChange.UpdateColumnType(["d"], DataTypes.Decimal(5, 2)));
        table = await catalog.GetTableAsync(Name);
        var error = await Assert.ThrowsAsync<PaimonException>(() => TableKit.RowsAsync(table.NewScan()));
        Assert.Contains("DECIMAL(5, 2)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["""{"k":1}"""], await TableKit.RowsAsync(table.NewScan().Project("k")));
    }

    private static async Task UpsertAsync(Table table, int key, decimal value)
    {
        await using var writer = table.NewWriter();
        await writer.UpsertAsync(key, value);
        await writer.CommitAsync();
    }
}
