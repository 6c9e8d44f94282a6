using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Cli.Tests;

/// <summary>The tool on a table without a primary key.</summary>
public class AppendTableTests
{
    private static readonly string[] Rows =
    [
        """{"day":"2026-01-31","what":"login"}""",
        """{"day":"2026-01-31","what":"login"}""",
        """{"day":"2026-02-01","what":"logout"}""",
    ];

    [Fact]
    public async Task Rows_and_changes_are_printed_as_often_as_they_were_written()
    {
        using var folder = await NewWarehouseAsync();

        var rows = await RunAsync(folder, "scan", "shop.events", "--json");
        var some = await RunAsync(folder, "scan", "shop.events", "--json", "--where", "day = '2026-02-01'", "--select", "what");
        var changes = await RunAsync(folder, "scan", "shop.events", "--json", "--changelog", "--from", "1");
        var tail = await RunAsync(folder, "tail", "shop.events", "--json", "--from", "2", "--once");

        Assert.Equal(Rows, rows.Expect(0).Lines.Order(StringComparer.Ordinal));
        Assert.Equal(["""{"what":"logout"}"""], some.Expect(0).Lines);
        Assert.Equal(3, changes.Expect(0).Lines.Count(line => line.Contains("\"_row_kind\":\"+I\"", StringComparison.Ordinal)));
        Assert.Contains("logout", Assert.Single(tail.Expect(0).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_and_tables_show_no_key()
    {
        using var folder = await NewWarehouseAsync();

        var inspect = (await RunAsync(folder, "inspect", "shop.events")).Expect(0);
        var tables = (await RunAsync(folder, "tables", "--json")).Expect(0);

        Assert.Contains("Files: 2", inspect.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" .. ", inspect.Output, StringComparison.Ordinal);
        Assert.Contains("\"primaryKeys\":[]", Assert.Single(tables.Lines), StringComparison.Ordinal);
    }

    private static async Task<TempDirectory> NewWarehouseAsync()
    {
        var folder = new TempDirectory("events");
        var catalog = await Catalog.OpenAsync(folder.Path);
        var table = await catalog.CreateTableAsync(
            new Identifier("shop", "events"),
            new TableDefinition().Column("day", DataTypes.Date).Column("what", DataTypes.String).PartitionedBy("day"));
        await using var writer = table.NewWriter("events");
        await writer.UpsertAsync("2026-01-31", "login");
        await writer.UpsertAsync("2026-01-31", "login");
        await writer.CommitAsync();
        await writer.UpsertAsync("2026-02-01", "logout");
        await writer.CommitAsync();
        return folder;
    }

    private static Task<ToolRun> RunAsync(TempDirectory folder, params string[] arguments) =>
        ToolRun.OfAsync(new Dictionary<string, string> { ["PAIMONSHARP_WAREHOUSE"] = folder.Path }, arguments);
}
