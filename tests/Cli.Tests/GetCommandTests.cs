using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp get</c> prints.</summary>
public class GetCommandTests
{
    [Fact]
    public async Task A_key_gives_its_row_by_name_and_by_path()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var byName = await warehouse.RunAsync("get", "shop.orders", "1", "--json");
        var byPath = await ToolRun.OfAsync("get", "--path", warehouse.TablePath, "1", "--json");
        var past = await warehouse.RunAsync("get", "shop.orders", "3", "--snapshot", "1", "--select", "amount,id", "--json");
        var text = await warehouse.RunAsync("get", "shop.orders", "4", "--select", "status");

        Assert.Equal(["""{"id":1,"status":"PAID","amount":"9.50"}"""], byName.Expect(0).Lines);
        Assert.Equal(byName.Output, byPath.Expect(0).Output);
        Assert.Equal(["""{"amount":null,"id":3}"""], past.Expect(0).Lines);
        Assert.Contains("L'Hôtel", text.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_a_row_is_told_apart_from_wrong_use()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var absent = await warehouse.RunAsync("get", "shop.orders", "3");
        var negative = await warehouse.RunAsync("get", "shop.orders", "--", "-1");

        Assert.Equal("", absent.Expect(1, "orders has no row with id = 3").Output);
        Assert.Equal("", negative.Expect(1, "id = -1").Output);
        (await warehouse.RunAsync("get", "shop.orders")).Expect(2, "id");
        (await warehouse.RunAsync("get", "shop.orders", "1", "2")).Expect(2, "expected: 1, given: 2");
        (await warehouse.RunAsync("get", "shop.orders", "many")).Expect(2, "id", "many");
        (await warehouse.RunAsync("get", "shop.orders", "1", "--select", "nope")).Expect(2, "nope");
        (await warehouse.RunAsync("get", "shop.orders$files", "1")).Expect(2, "$files");
        (await warehouse.RunAsync("get")).Expect(2, "Name one table");
    }

    [Fact]
    public async Task A_key_of_several_columns_is_given_in_the_order_of_the_primary_key()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var catalog = await Catalog.OpenAsync(warehouse.Path);
        var table = await catalog.CreateTableAsync(new Identifier("shop", "lines"), new TableDefinition()
            .Column("day", DataTypes.Date).Column("amount", DataTypes.Int).Column("line", DataTypes.Int).Column("order", DataTypes.String)
            .PartitionedBy("day").PrimaryKey("order", "line", "day"));
        await using (var writer = table.NewWriter())
        {
            await writer.UpsertAsync("2024-01-01", 5, 1, "a");
            await writer.UpsertAsync("2024-01-02", 6, 1, "a");
            await writer.UpsertAsync("2024-01-02", 7, 2, "a");
            await writer.CommitAsync();
        }

        var found = await warehouse.RunAsync("get", "shop.lines", "a", "1", "2024-01-02", "--json");

        Assert.Equal(["""{"day":"2024-01-02","amount":6,"line":1,"order":"a"}"""], found.Expect(0).Lines);
        (await warehouse.RunAsync("get", "shop.lines", "a", "1", "2024-01-03"))
            .Expect(1, "order = a, line = 1, day = 2024-01-03");
    }
}
