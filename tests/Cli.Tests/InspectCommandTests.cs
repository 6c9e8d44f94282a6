using System.Text.Json;

namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp inspect</c> and <c>paimonsharp tables</c> show.</summary>
public class InspectCommandTests
{
    [Fact]
    public async Task People_see_schema_options_snapshots_and_files()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await warehouse.RunAsync("inspect", "shop.orders")).Expect(0);

        foreach (var part in (string[])["BIGINT NOT NULL", "primary", "changelog-producer = input", "Snapshots: 3", "Files: 3", "1 .. 3"])
        {
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_is_one_object_with_the_same()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await warehouse.RunAsync("inspect", "shop.orders", "--json")).Expect(0);

        var root = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal("id", root.GetProperty("primaryKeys")[0].GetString());
        Assert.Equal(3, root.GetProperty("snapshots").GetArrayLength());
        var files = root.GetProperty("files").EnumerateArray().ToArray();
        Assert.Equal([3, 2, 1], files.Select(file => file.GetProperty("rowCount").GetInt32()));
        Assert.Equal(["1", "1", "4"], files.Select(file => file.GetProperty("minKey").GetString()));
        Assert.All(files, file => Assert.Equal(0, file.GetProperty("level").GetInt32()));
    }

    [Fact]
    public async Task Tables_lists_a_warehouse_for_people_and_as_json()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var text = (await warehouse.RunAsync("tables")).Expect(0);
        var json = (await warehouse.RunAsync("tables", "--json")).Expect(0);

        Assert.StartsWith("shop.orders", text.Lines[^1], StringComparison.Ordinal);
        var table = JsonDocument.Parse(Assert.Single(json.Lines)).RootElement;
        Assert.Equal("shop.orders", table.GetProperty("table").GetString());
        Assert.Equal(3, table.GetProperty("snapshot").GetInt64());
    }
}
