using System.Text.Json;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Cli.Tests;

/// <summary><c>paimonsharp alter</c>: every change, then a scan and the independent checker.</summary>
public class AlterCommandTests
{
    [Fact]
    public async Task Every_change_is_made_and_old_rows_are_read_under_the_new_schema()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        await AlterAsync(warehouse, "--add", "note STRING COMMENT 'for the shop''s people'", "--after", "id");
        Assert.Equal("id,note,status,amount", await ColumnsAsync(warehouse));
        await AlterAsync(warehouse, "--rename", "status=state", "--type", "amount=DECIMAL(12, 1)");
        Assert.Equal("id,note,state,amount", await ColumnsAsync(warehouse));
        Assert.Contains("\"amount\":\"1234.6\"", await ScanAsync(warehouse), StringComparison.Ordinal);
        await AlterAsync(warehouse, "--type", "amount=STRING", "--move", "amount", "--first");
        Assert.Contains("{\"amount\":\"1234.56\",\"id\":4,", await ScanAsync(warehouse), StringComparison.Ordinal);
        await AlterAsync(warehouse, "--add", "address ROW<city STRING, zip INT>", "--default", "state=NEW", "--comment", "state=where it is");
        await AlterAsync(warehouse, "--add", "address.street STRING", "--drop", "address.zip", "--table-comment", "orders");
        Assert.Contains("\"address\":null", await ScanAsync(warehouse), StringComparison.Ordinal);
        await AlterAsync(warehouse, "--drop", "note", "--no-default", "state", "--move", "amount", "--last");
        await AlterAsync(warehouse, "--set", "snapshot.num-retained.min=5", "--set", "alter-column-null-to-not-null.disabled=false");
        await AlterAsync(warehouse, "--not-null", "state");
        await AlterAsync(warehouse, "--nullable", "state", "--reset", "snapshot.num-retained.min");

        var run = (await warehouse.RunAsync("inspect", "shop.orders", "--json")).Expect(0);
        var inspected = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("id,state,address,amount", await ColumnsAsync(warehouse));
        Assert.Equal(9, inspected.GetProperty("schemaId").GetInt64());
        Assert.False(inspected.GetProperty("options").TryGetProperty("snapshot.num-retained.min", out _));
        await warehouse.RunAsync("scan", "shop.orders", "--snapshot", "3", "--json");
    }

    [Fact]
    public async Task A_default_value_is_written_in_place_of_null_from_then_on()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        await AlterAsync(warehouse, "--default", "amount='7.5'", "--add", "tags ARRAY<STRING> DEFAULT '[a, b]'", "--last");
        await using (var writer = (await Storage.Tables.Table.OpenAsync(warehouse.TablePath)).NewWriter("defaults"))
        {
            await writer.UpsertAsync(9, "NEW", null, null);
            await writer.CommitAsync();
        }

        var rows = await ScanAsync(warehouse);
        Assert.Contains("{\"id\":9,\"status\":\"NEW\",\"amount\":\"7.50\",\"tags\":[\"a\",\"b\"]}", rows, StringComparison.Ordinal);
        Assert.Contains("\"tags\":null", rows, StringComparison.Ordinal);
        await PaimonCheck.AssertValidAsync(warehouse.TablePath);
    }

    [Fact]
    public async Task A_table_is_named_by_its_directory_too_and_the_answer_is_json()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await ToolRun.OfAsync("alter", "--path", warehouse.TablePath, "--add", "`a b` MAP<STRING, INT>", "--json")).Expect(0);

        var answer = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement;
        Assert.Equal(1, answer.GetProperty("schemaId").GetInt64());
        var added = answer.GetProperty("columns").EnumerateArray().Last();
        Assert.Equal("a b", added.GetProperty("name").GetString());
        Assert.Equal("MAP<STRING, INT>", added.GetProperty("type").GetString());
        Assert.Equal(3, added.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Options_that_change_nothing_are_set_with_a_warning()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await warehouse.RunAsync(
            "alter", "shop.orders", "--set", "snapshot.num-retain.min=5", "--set", "fields.amount.aggregate-function=sum", "--json"))
            .Expect(0, "warning: option 'snapshot.num-retain.min'", "did you mean 'snapshot.num-retained.min'?", "merge-engine 'deduplicate'");

        Assert.Equal(2, JsonDocument.Parse(Assert.Single(run.Lines)).RootElement.GetProperty("warnings").GetArrayLength());
        (await warehouse.RunAsync("alter", "shop.orders", "--reset", "snapshot.num-retain.min")).Expect(0);
    }

    [Theory]
    [InlineData("Nothing is to be changed")]
    [InlineData("part of a key", "--drop", "id")]
    [InlineData("no column 'nope'", "--drop", "nope")]
    [InlineData("make it nullable", "--add", "x INT NOT NULL")]
    [InlineData("already", "--add", "status INT")]
    [InlineData("no type", "--add", "x DECIMAL(")]
    [InlineData("not understood", "--add", "x INT PLEASE")]
    [InlineData("column=value", "--type", "amount")]
    [InlineData("primary key", "--type", "id=STRING")]
    [InlineData("cannot change from", "--type", "status=ARRAY<INT>")]
    [InlineData("cannot become NOT NULL", "--not-null", "status")]
    [InlineData("'merge-engine' cannot change", "--set", "merge-engine=first-row")]
    [InlineData("key=value", "--set", "merge-engine")]
    [InlineData("'write-only' is 'maybe'; expected true or false", "--set", "write-only=maybe")]
    [InlineData("'nope'", "--set", "fields.nope.aggregate-function=sum")]
    [InlineData("cannot be removed", "--reset", "bucket")]
    [InlineData("reserved", "--add", "_KEY_x INT")]
    [InlineData("default value", "--default", "amount=much")]
    [InlineData("not followed by", "--move", "amount")]
    [InlineData("follows no", "--drop", "amount", "--first")]
    [InlineData("no 'city'", "--add", "status.city STRING")]
    public async Task What_Paimon_refuses_is_refused_and_changes_nothing(string reason, params string[] changes)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await warehouse.RunAsync(["alter", "shop.orders", .. changes])).Expect(2, reason);

        Assert.Equal("", run.Output);
        Assert.Equal(["schema-0"], Directory.GetFiles(Path.Combine(warehouse.TablePath, "schema"), "schema-*").Select(Path.GetFileName));
    }

    private static async Task AlterAsync(OrdersWarehouse warehouse, params string[] changes)
    {
        (await warehouse.RunAsync(["alter", "shop.orders", .. changes])).Expect(0);
        await PaimonCheck.AssertValidAsync(warehouse.TablePath);
    }

    private static async Task<string> ScanAsync(OrdersWarehouse warehouse) =>
        (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Output;

    private static async Task<string> ColumnsAsync(OrdersWarehouse warehouse)
    {
        var run = (await warehouse.RunAsync("scan", "shop.orders", "--json", "--limit", "1")).Expect(0);
        using var row = JsonDocument.Parse(Assert.Single(run.Lines));
        return string.Join(',', row.RootElement.EnumerateObject().Select(member => member.Name));
    }
}
