using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Sync;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Tests.Sync;

public sealed class SyncPartsTests
{
    [Theory]
    [InlineData("shop.orders", true)]
    [InlineData("shop.order_items", true)]
    [InlineData("shop.old_orders", false)]
    [InlineData("shop.customers", false)]
    [InlineData("shopXorders", false)]
    public void Patterns_choose_tables_and_exclusions_win(string name, bool expected)
    {
        var filter = new TableFilter(["shop.*order*"], ["*.old_*"]);
        var dot = name.IndexOf('.', StringComparison.Ordinal);

        Assert.Equal(expected, dot >= 0 && filter.Accepts(name[..dot], name[(dot + 1)..]));
    }

    [Fact]
    public void A_pattern_without_a_database_is_refused() =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PaimonException>(() => new TableFilter(["orders"], [])).Kind);

    [Fact]
    public void The_columns_kept_beside_a_position_come_back()
    {
        var table = new SourceTable(
            "shop",
            "ord\"ers",
            [
                new MySqlColumn("id", MySqlColumnType.Parse("bigint unsigned"), false),
                new MySqlColumn("ok", MySqlColumnType.Parse("tinyint(1)")),
                new MySqlColumn("größe", MySqlColumnType.Parse("enum('a','b,c','''')", "latin1")),
                new MySqlColumn("tags", MySqlColumnType.Parse("set('x','y')", "utf8mb4")),
                new MySqlColumn("amount", MySqlColumnType.Parse("decimal(65,30)")),
                new MySqlColumn("at", MySqlColumnType.Parse("timestamp(6)")),
                new MySqlColumn("uuid", MySqlColumnType.Parse("uuid")),
            ],
            ["id", "ok"])
        {
            DefaultCharacterSet = "latin1",
        };

        var read = SourceTableJson.Read(SourceTableJson.Write(table));

        Assert.True(read.HasSameRowsAs(table));
        Assert.Equal((table.Database, table.Name, table.DefaultCharacterSet), (read.Database, read.Name, read.DefaultCharacterSet));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"database":"d","name":"t","charset":"utf8mb4","key":[],"columns":[{"name":"a","type":"Nothing","nullable":true,"collation":1}]}""")]
    [InlineData("""{"database":"d","name":"t","charset":"utf8mb4","key":5,"columns":[]}""")]
    public void Damaged_columns_are_corrupt_data(string json) =>
        Assert.Throws<CorruptDataException>(() => SourceTableJson.Read(json));

    [Fact]
    public void Reading_begins_at_the_earliest_of_several_positions()
    {
        const string Server = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
        var states = new[] { $"{Server}:1-20", $"{Server}:1-7", $"{Server}:1-12" }.Select(text => ExecutedTransactions.Parse(text, false));

        Assert.Equal($"{Server}:1-7", ExecutedTransactions.Earliest([.. states]).ToString());
    }

    [Fact]
    public void Positions_of_different_histories_are_refused()
    {
        var states = new[] { "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-20", "4e11fa47-71ca-11e1-9e33-c80aa9429562:1-7" }
            .Select(text => ExecutedTransactions.Parse(text, false)).ToArray();

        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PaimonException>(() => ExecutedTransactions.Earliest(states)).Kind);
    }
}
