using System.Text.Json;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Cli.Tests;

/// <summary><c>paimonsharp compact</c>: one table, a database, once and until it is stopped.</summary>
public sealed class CompactCommandTests
{
    [Fact]
    public async Task A_table_that_is_only_written_is_compacted_where_there_is_reason_or_in_full()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        Assert.Equal(
            "shop.orders: nothing to compact in 1 bucket.",
            Assert.Single((await warehouse.RunAsync("compact", "shop.orders")).Expect(0).Lines));
        Assert.Matches(
            @"^shop\.orders: 3 files merged or moved up, 6 rows of \S+ KiB rewritten, 1 snapshot, \d+\.\d s\.$",
            Assert.Single((await warehouse.RunAsync("compact", "shop.orders", "--full")).Expect(0).Lines));
        var table = await Table.OpenAsync(warehouse.TablePath);
        Assert.Equal("COMPACT", (await table.LatestSnapshotAsync())!.CommitKind);
        Assert.Single(await table.FilesAsync());
        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
        await PaimonCheck.AssertValidAsync(warehouse.TablePath);
    }

    [Fact]
    public async Task All_tables_of_a_database_are_compacted_and_those_that_cannot_be_are_told_of()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync("create", "shop.log", "--column", "line STRING")).Expect(0);
        var run = (await warehouse.RunAsync("compact", "--database", "shop", "--full", "--json"))
            .Expect(0, "left alone: shop.log: a table without primary key and buckets");
        var answers = run.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["compacting", "done"], answers.Select(answer => answer.GetProperty("phase").GetString()!));
        Assert.All(answers, answer => Assert.Equal("shop.orders", answer.GetProperty("table").GetString()));
        Assert.Equal(
            (1, 1, 3, 6, 1, 0),
            (Number("buckets"), Number("doneBuckets"), Number("files"), Number("rows"), Number("snapshots"), Number("lostRaces")));
        int Number(string name) => answers[^1].GetProperty(name).GetInt32();

        await File.WriteAllTextAsync(Path.Combine(warehouse.Path, "shop.db", "log", "schema", "schema-1"), "{");
        (await warehouse.RunAsync("compact", "--database", "shop")).Expect(4, "failed: ", "schema-1");
    }

    [Fact]
    public async Task Rows_that_wait_for_their_bucket_are_brought_into_it()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync(
            "create", "shop.days", "--column", "day STRING", "--column", "id INT", "--primary-key", "day,id",
            "--partition-by", "day", "--option", "bucket=-2")).Expect(0);
        await using (var writer = (await Table.OpenAsync(Path.Combine(warehouse.Path, "shop.db", "days"))).NewWriter("days"))
        {
            await writer.UpsertAsync("mon", 1);
            await writer.UpsertAsync("tue", 2);
            await writer.CommitAsync();
        }

        Assert.Empty((await warehouse.RunAsync("scan", "shop.days", "--json")).Expect(0).Lines);
        var moved = (await warehouse.RunAsync("compact", "shop.days", "--partition", "day=tue")).Expect(0);
        Assert.Contains("1 file merged or moved up, 1 row of ", moved.Output, StringComparison.Ordinal);
        Assert.Equal("""{"day":"tue","id":2}""", Assert.Single((await warehouse.RunAsync("scan", "shop.days", "--json")).Lines));
        (await warehouse.RunAsync("compact", "shop.days", "--full")).Expect(0);
        Assert.Equal(2, (await warehouse.RunAsync("scan", "shop.days", "--json")).Expect(0).Lines.Length);
        Assert.All(
            await (await Table.OpenAsync(Path.Combine(warehouse.Path, "shop.db", "days"))).FilesAsync(),
            file => Assert.Equal(5, file.Level));
    }

    [Theory]
    [InlineData(2, "Name what to compact")]
    [InlineData(2, "not both", "shop.orders", "--database", "shop")]
    [InlineData(2, "no database nope", "--database", "nope")]
    [InlineData(2, "no database nope", "--database", "nope", "--watch")]
    [InlineData(2, "no table shop.nope", "shop.nope")]
    [InlineData(2, "--interval is for --watch", "shop.orders", "--interval", "2s")]
    [InlineData(2, "above 0", "shop.orders", "--watch", "--interval", "0s")]
    [InlineData(2, "'day'", "shop.orders", "--partition", "day=1")]
    [InlineData(2, "expected key=value", "shop.orders", "--partition", "day")]
    public async Task What_cannot_be_compacted_is_said(int exitCode, string reason, params string[] arguments)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync(["compact", .. arguments])).Expect(exitCode, reason);
    }

    [Fact]
    public async Task Watching_goes_on_with_every_commit_until_it_is_interrupted_and_leaves_nothing_behind()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var table = await Table.OpenAsync(warehouse.TablePath);
        await using (var tool = ToolRun.Start(
            new Dictionary<string, string?> { ["PAIMONSHARP_WAREHOUSE"] = warehouse.Path },
            "compact", "--watch", "--database", "shop", "--full", "--interval", "20ms"))
        {
            for (var id = 5; id < 8; id++)
            {
                await warehouse.UpsertAsync(id, "NEW");
                while ((await table.FilesAsync()).Count > 1)
                {
                    Assert.False(tool.HasExited, "the tool ended");
                    await Task.Delay(5);
                }
            }

            tool.SendInterrupt();
            Assert.Equal(130, (await tool.WaitAsync(TimeSpan.FromSeconds(60))).ExitCode);
        }

        Assert.Empty((await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true)).Paths);
        Assert.Equal(6, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
        await PaimonCheck.AssertValidAsync(warehouse.TablePath);
    }
}
