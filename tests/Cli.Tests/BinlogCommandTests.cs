using System.IO.Compression;
using System.Text.Json;
using PaimonSharp.Testing;

namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp binlog</c> prints of the demo's recorded files.</summary>
public class BinlogCommandTests
{
    private static readonly string MySql = Path.Combine(GoldenData.Root, "samples", "demo", "mysql");
    private static readonly string MariaDb = Path.Combine(GoldenData.Root, "samples", "demo", "mariadb", "binlog.000001");
    private static readonly string First = Path.Combine(MySql, "binlog.000001");

    [Fact]
    public async Task Json_names_table_kind_position_gtid_and_columns()
    {
        var run = (await ToolRun.OfAsync("binlog", First, "--json")).Expect(0);

        var change = JsonDocument.Parse(run.Lines[0]).RootElement;
        Assert.Equal("shop.customers", change.GetProperty("table").GetString());
        Assert.Equal("insert", change.GetProperty("kind").GetString());
        Assert.StartsWith("binlog.000001:", change.GetProperty("position").GetString(), StringComparison.Ordinal);
        Assert.Contains(':', change.GetProperty("gtid").GetString()!);
        Assert.Equal("Chen 1", change.GetProperty("after").GetProperty("name").GetString());
    }

    [Fact]
    public async Task People_get_a_line_per_change_and_updates_show_what_changed()
    {
        var json = (await ToolRun.OfAsync("binlog", MariaDb, "--json")).Expect(0);
        var text = (await ToolRun.OfAsync("binlog", MariaDb)).Expect(0);

        var changes = text.Lines.Where(line => !line.StartsWith("-- ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(json.Lines.Length, changes.Length);
        Assert.Matches(@"^binlog\.000001:\d+  insert bank\.accounts  id=1 owner='owner 1' balance='?1000\.00'?$", changes[0]);
        Assert.Contains(changes, change => change.Contains(" -> ", StringComparison.Ordinal));
        Assert.StartsWith("-- 0-", text.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_and_folders_give_the_same_as_the_files()
    {
        using var folder = new TempDirectory();
        await using (var packed = new GZipStream(File.Create(folder.File("binlog.000001.gz")), CompressionLevel.Fastest))
        {
            await packed.WriteAsync(await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        }

        File.Copy(Path.Combine(MySql, "binlog.000002"), folder.File("binlog.000002"));
        await File.WriteAllTextAsync(folder.File("binlog.index"), "./binlog.000001\n", TestContext.Current.CancellationToken);

        var files = (await ToolRun.OfAsync("binlog", First, Path.Combine(MySql, "binlog.000002"), "--json")).Expect(0);
        var both = (await ToolRun.OfAsync("binlog", folder.Path, "--json")).Expect(0);

        Assert.Equal(files.Output, both.Output);
    }

    [Fact]
    public async Task Raw_gives_columns_by_ordinal()
    {
        var run = (await ToolRun.OfAsync("binlog", First, "--json", "--raw")).Expect(0);

        Assert.StartsWith("{\"event\":\"WRITE_ROWS_V2\",\"table\":\"shop.customers\"", run.Lines[0], StringComparison.Ordinal);
        (await ToolRun.OfAsync("binlog", First, "--raw")).Expect(2, "--json");
    }

    [Fact]
    public async Task A_file_cut_in_an_event_is_corrupt_after_the_rows_before_it()
    {
        using var folder = new TempDirectory();
        var bytes = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("binlog.000001"), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        var run = await ToolRun.OfAsync("binlog", folder.File("binlog.000001"), "--json");

        run.Expect(4, "binlog.000001");
        Assert.NotEmpty(run.Lines);
        Assert.All(run.Lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task A_changed_byte_is_found_by_the_checksum_and_named_by_position()
    {
        using var folder = new TempDirectory();
        var bytes = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        bytes[bytes.Length * 3 / 4] ^= 0x40;
        await File.WriteAllBytesAsync(folder.File("binlog.000001"), bytes, TestContext.Current.CancellationToken);

        var run = await ToolRun.OfAsync("binlog", folder.File("binlog.000001"), "--json");

        run.Expect(4, "binlog.000001");
        Assert.Matches(@"\d{3,}", run.Error);
        Assert.NotEmpty(run.Lines);
    }

    [Fact]
    public async Task What_is_no_binlog_and_what_is_not_there_are_told_apart()
    {
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.File("notes"), "these are notes, no binlog", TestContext.Current.CancellationToken);

        (await ToolRun.OfAsync("binlog", folder.File("notes"), "--json")).Expect(4, "notes");
        (await ToolRun.OfAsync("binlog", folder.File("absent"), "--json")).Expect(2, "absent", "cannot be read");
        (await ToolRun.OfAsync("binlog", folder.Path, "--json")).Expect(2, folder.Path, "no binlog files");
    }
}
