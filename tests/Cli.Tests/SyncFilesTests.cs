using System.Text.Json;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Cli.Tests;

/// <summary><c>paimonsharp sync</c> from the demo's recorded files, and what stops it.</summary>
public class SyncFilesTests
{
    private static readonly string MySql = Path.Combine(GoldenData.Root, "samples", "demo", "mysql");

    [Fact]
    public async Task Files_become_tables_and_a_second_run_adds_nothing()
    {
        using var warehouse = new TempDirectory();

        var first = (await SyncAsync(warehouse.Path, MySql)).Expect(0, "done: ");
        var orders = (await ScanAsync(warehouse.Path, "shop.orders")).Expect(0);
        var again = (await SyncAsync(warehouse.Path, MySql)).Expect(0, "done: ");
        var ordersAgain = (await ScanAsync(warehouse.Path, "shop.orders")).Expect(0);
        var customers = (await ScanAsync(warehouse.Path, "shop.customers", "--where", "id IN (7, 1000)")).Expect(0);

        Assert.True(orders.Lines.Length > 10_000, $"{orders.Lines.Length} rows\n{first.Error}");
        Assert.Equal(orders.Output, ordersAgain.Output);
        Assert.Contains("a guest of the house", Assert.Single(customers.Lines), StringComparison.Ordinal);
        Assert.Equal("", again.Output);
    }

    [Fact]
    public async Task File_by_file_gives_the_same_as_all_at_once()
    {
        using var atOnce = new TempDirectory();
        using var oneByOne = new TempDirectory();

        (await SyncAsync(atOnce.Path, MySql)).Expect(0);
        (await SyncAsync(oneByOne.Path, Path.Combine(MySql, "binlog.000001"))).Expect(0);
        (await SyncAsync(oneByOne.Path, Path.Combine(MySql, "binlog.000002"))).Expect(0);

        Assert.Equal(
            (await ScanAsync(atOnce.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal),
            (await ScanAsync(oneByOne.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Files_out_of_order_are_refused_before_any_is_read()
    {
        using var warehouse = new TempDirectory();

        var run = (await ToolRun.OfAsync(
            "sync", "--warehouse", warehouse.Path, "--source", Path.Combine(MySql, "binlog.000002"), Path.Combine(MySql, "binlog.000001")))
            .Expect(2);

        Assert.Contains("binlog.000001 is named after binlog.000002", run.Error, StringComparison.Ordinal);
        Assert.Empty((await ToolRun.OfAsync("tables", "--warehouse", warehouse.Path, "--json")).Lines);
    }

    [Fact]
    public async Task A_table_that_another_process_writes_is_not_written_beside_it()
    {
        using var warehouse = new TempDirectory();
        (await SyncAsync(warehouse.Path, Path.Combine(MySql, "binlog.000001"))).Expect(0);
        var catalog = await Catalog.OpenAsync(warehouse.Path);
        using (await catalog.LockForWritingAsync(new Identifier("shop", "orders")))
        {
            var run = (await SyncAsync(warehouse.Path, MySql)).Expect(1);
            Assert.Contains("shop.orders is being written by another process", run.Error, StringComparison.Ordinal);
        }

        (await SyncAsync(warehouse.Path, MySql)).Expect(0, "done: ");
    }

    [Fact]
    public async Task A_number_that_is_none_is_refused_in_plain_words()
    {
        var run = (await ToolRun.OfAsync("scan", "shop.orders", "--limit", "many")).Expect(2);

        Assert.Contains("'many' for option '--limit': expected a whole number.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_reports_progress_as_objects()
    {
        using var warehouse = new TempDirectory();

        var run = (await SyncAsync(warehouse.Path, MySql, "--json", "--tables", "shop.customers")).Expect(0);

        var done = JsonDocument.Parse(run.Lines[^1]).RootElement;
        Assert.Equal("done", done.GetProperty("phase").GetString());
        Assert.True(done.GetProperty("changedRows").GetInt64() > 0);
        Assert.All(run.Lines, line => Assert.NotEqual("", JsonDocument.Parse(line).RootElement.GetProperty("phase").GetString()));
        var tables = await ToolRun.OfAsync("tables", "--warehouse", warehouse.Path, "--json");
        Assert.Contains("shop.customers", Assert.Single(tables.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_ends_the_run_with_what_came_before_committed_and_mending_it_lets_it_go_on()
    {
        using var warehouse = new TempDirectory();
        using var whole = new TempDirectory();
        using var folder = new TempDirectory();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(MySql, "binlog.000001"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("binlog.000001"), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        (await SyncAsync(warehouse.Path, folder.Path)).Expect(4, "binlog.000001");
        var before = (await ToolRun.OfAsync("tables", "--warehouse", warehouse.Path)).Expect(0);
        (await SyncAsync(warehouse.Path, MySql)).Expect(0);
        (await SyncAsync(whole.Path, MySql)).Expect(0);

        Assert.Contains("shop.customers", before.Output, StringComparison.Ordinal);
        Assert.Equal(
            (await ScanAsync(whole.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal),
            (await ScanAsync(warehouse.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--type-mapping", "everything")]
    [InlineData("--table-option", "bucket")]
    [InlineData("--commit-interval", "soon")]
    [InlineData("--password-file", "/nowhere/at/all")]
    public async Task Wrong_settings_are_usage_errors(string option, string value)
    {
        using var warehouse = new TempDirectory();

        var run = await ToolRun.OfAsync(
            "sync", "--source", "mysql://root@127.0.0.1:1/shop", "--warehouse", warehouse.Path, option, value);

        run.Expect(2, option, value);
    }

    [Fact]
    public async Task A_full_disk_stops_the_run_and_what_was_committed_stays_readable()
    {
        using var mount = new TempDirectory("full");
        var mounted = await Command.RunAsync("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", mount.Path);
        Assert.SkipUnless(mounted.ExitCode == 0, "a disk of its own takes the right to mount one (root).");
        try
        {
            var full = await SyncAsync(mount.Path, MySql, "--commit-interval", "50ms");

            full.Expect(1, mount.Path, "space");
            var tables = (await ToolRun.OfAsync("tables", "--warehouse", mount.Path, "--json")).Expect(0);
            Assert.NotEmpty(tables.Lines);
            foreach (var line in tables.Lines)
            {
                (await ScanAsync(mount.Path, JsonDocument.Parse(line).RootElement.GetProperty("table").GetString()!)).Expect(0);
            }

            // With room again it goes on to the same end.
            (await Command.RunAsync("mount", "-o", "remount,size=64m", mount.Path)).EnsureSuccess();
            using var whole = new TempDirectory();
            (await SyncAsync(mount.Path, MySql)).Expect(0);
            (await SyncAsync(whole.Path, MySql)).Expect(0);
            Assert.Equal(
                (await ScanAsync(whole.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal),
                (await ScanAsync(mount.Path, "shop.orders")).Lines.Order(StringComparer.Ordinal));
        }
        finally
        {
            await Command.RunAsync("umount", mount.Path);
        }
    }

    private static Task<ToolRun> SyncAsync(string warehouse, string source, params string[] more) =>
        ToolRun.OfAsync(["sync", "--source", source, "--warehouse", warehouse, .. more]);

    private static Task<ToolRun> ScanAsync(string warehouse, string table, params string[] more) =>
        ToolRun.OfAsync(["scan", table, "--warehouse", warehouse, "--json", .. more]);
}
