namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp tail</c> follows.</summary>
public class TailCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Once_with_full_gives_the_newest_state_and_from_gives_the_changes()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var full = await warehouse.RunAsync("tail", "shop.orders", "--once", "--full", "--json");
        var from = await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "2", "--json");
        var nothing = await warehouse.RunAsync("tail", "shop.orders", "--once", "--json");

        Assert.Equal(3, full.Expect(0).Lines.Length);
        Assert.All(full.Lines, line => Assert.StartsWith("""{"_snapshot":3,"_row_kind":"+I",""", line, StringComparison.Ordinal));
        Assert.Equal(3, from.Expect(0).Lines.Length);
        Assert.Empty(nothing.Expect(0).Lines);
    }

    [Fact]
    public async Task Consumer_goes_on_where_it_stopped()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var first = await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "1", "--consumer", "reports", "--json");
        var again = await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "1", "--consumer", "reports", "--json");
        await warehouse.UpsertAsync(7, "LATE");
        var later = await warehouse.RunAsync("tail", "shop.orders", "--once", "--consumer", "reports", "--json");

        Assert.Equal(6, first.Expect(0).Lines.Length);
        Assert.Empty(again.Expect(0).Lines);
        Assert.Equal("""{"_snapshot":4,"_row_kind":"+I","id":7,"status":"LATE","amount":null}""", Assert.Single(later.Expect(0).Lines));
    }

    [Fact]
    public async Task Live_changes_are_followed_until_interrupted()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        await using var tool = ToolRun.Start(null, "tail", "--path", warehouse.TablePath, "--full", "--json");
        await WaitForAsync(() => tool.Output.Split('\n').Length > 3, tool);

        await warehouse.UpsertAsync(8, "LIVE");
        await WaitForAsync(() => tool.Output.Contains("LIVE", StringComparison.Ordinal), tool);
        tool.SendInterrupt();
        var result = await tool.WaitAsync(Patience);

        Assert.Equal(130, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.Contains("""{"_snapshot":4,"_row_kind":"+I","id":8,"status":"LIVE","amount":null}""", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshots_of_one_width_stand_under_one_header()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        await warehouse.UpsertAsync(8, "LIVE");
        await warehouse.UpsertAsync(9, "A LONG STATUS");

        var run = (await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "4")).Expect(0);
        await warehouse.UpsertAsync(7, "OLD");
        var shorter = (await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "5")).Expect(0);

        Assert.Equal(2, run.Lines.Count(line => line.StartsWith("snapshot", StringComparison.Ordinal)));
        Assert.Single(shorter.Lines, line => line.StartsWith("snapshot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Full_and_from_contradict()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        (await warehouse.RunAsync("tail", "shop.orders", "--full", "--from", "1")).Expect(2, "--full", "--from");
    }

    [Fact]
    public async Task A_snapshot_that_is_not_there_yet_is_said_to_be_missing()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = (await warehouse.RunAsync("tail", "shop.orders", "--from", "99", "--once")).Expect(0, "no snapshot 99", "newest is 3");
        Assert.DoesNotContain("orders", run.Output, StringComparison.Ordinal);
        Assert.Equal("", (await warehouse.RunAsync("tail", "shop.orders", "--from", "3", "--once")).Expect(0).Error);
        (await warehouse.RunAsync("create", "shop.empty", "--column", "id INT", "--primary-key", "id")).Expect(0);
        (await warehouse.RunAsync("tail", "shop.empty", "--from", "1", "--once")).Expect(0, "no snapshot yet");
    }

    [Fact]
    public async Task A_snapshot_missing_in_the_middle_is_an_error_and_no_endless_wait()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        File.Delete(warehouse.FileOf("snapshot", "snapshot-2"));

        var run = await warehouse.RunAsync("tail", "shop.orders", "--once", "--from", "1", "--json").WaitAsync(Patience);

        run.Expect(4, "snapshot-2");
        Assert.Equal(3, run.Lines.Length);
    }

    private static async Task WaitForAsync(Func<bool> isThere, Testing.Processes.ChildProcess tool)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isThere())
        {
            Assert.False(tool.HasExited, tool.Error);
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"nothing came:\n{tool.Output}\n{tool.Error}");
            await Task.Delay(20);
        }
    }
}
