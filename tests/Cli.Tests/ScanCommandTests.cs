namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp scan</c> prints.</summary>
public class ScanCommandTests
{
    private static readonly string[] Newest =
    [
        """{"id":1,"status":"PAID","amount":"9.50"}""",
        """{"id":2,"status":"NEW","amount":"20.00"}""",
        """{"id":4,"status":"L'Hôtel","amount":"1234.56"}""",
    ];

    [Theory]
    [InlineData("scan", "shop.orders")]
    [InlineData("sync", "--source", "mysql://root@127.0.0.1:1/shop")]
    public async Task A_memory_budget_that_is_no_size_is_refused_by_name(params string[] arguments)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync("parquet");

        var run = await ToolRun.OfAsync(
            new Dictionary<string, string>
            {
                ["PAIMONSHARP_WAREHOUSE"] = warehouse.Path,
                ["PAIMONSHARP_MEMORY_BUDGET"] = "a lot",
            },
            arguments);

        run.Expect(2, "a lot");
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("avro")]
    public async Task Json_has_one_object_per_row_by_name_and_by_path(string format)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync(format);

        var byName = await warehouse.RunAsync("scan", "shop.orders", "--json");
        var byPath = await ToolRun.OfAsync("scan", "--path", warehouse.TablePath, "--json");
        var byOption = await ToolRun.OfAsync("scan", "shop.orders", "--warehouse", warehouse.Path, "--json");

        Assert.Equal(Newest, byName.Expect(0).Lines.Order(StringComparer.Ordinal));
        Assert.Equal(byName.Output, byPath.Expect(0).Output);
        Assert.Equal(byName.Output, byOption.Expect(0).Output);
        Assert.Equal("", byName.Error);
    }

    [Fact]
    public async Task A_name_behind_the_table_reads_what_tells_about_it()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var options = await warehouse.RunAsync("scan", "shop.orders$options", "--where", "key = 'bucket'", "--json");
        var snapshots = await ToolRun.OfAsync(
            "scan", "--path", warehouse.TablePath + "$snapshots", "--select", "snapshot_id,commit_kind", "--limit", "1", "--json");
        var unknown = await warehouse.RunAsync("scan", "shop.orders$nothing");
        var wrong = await warehouse.RunAsync("scan", "shop.orders$files", "--changelog");

        Assert.Equal(["""{"key":"bucket","value":"1"}"""], options.Expect(0).Lines);
        Assert.Equal(["""{"snapshot_id":1,"commit_kind":"APPEND"}"""], snapshots.Expect(0).Lines);
        unknown.Expect(2, "files");
        wrong.Expect(2, "--select");
    }

    [Fact]
    public async Task People_get_an_aligned_table()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = await warehouse.RunAsync("scan", "shop.orders");

        Assert.Equal(
            ["id  status   amount", "--  -------  -------", "1   PAID     9.50", "2   NEW      20.00", "4   L'Hôtel  1234.56"],
            run.Expect(0).Lines);
    }

    [Theory]
    [InlineData("status = 'NEW'", "2")]
    [InlineData("status LIKE 'L''H%' OR amount < 10", "1 4")]
    [InlineData("id IN (1, 3, 4) AND amount IS NOT NULL", "1 4")]
    [InlineData("id BETWEEN 2 AND 3", "2")]
    [InlineData("NOT (id = 1)", "2 4")]
    public async Task Where_keeps_the_rows_that_meet_the_condition(string condition, string ids)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = await warehouse.RunAsync("scan", "shop.orders", "--where", condition, "--select", "id", "--json");

        Assert.Equal(ids.Split(' ').Select(id => $$"""{"id":{{id}}}"""), run.Expect(0).Lines);
    }

    [Fact]
    public async Task Select_orders_columns_and_limit_bounds_rows()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = await warehouse.RunAsync("scan", "shop.orders", "--select", "amount, id", "--limit", "1", "--json");
        var none = await warehouse.RunAsync("scan", "shop.orders", "--limit", "0", "--json");

        Assert.Equal("""{"amount":"9.50","id":1}""", Assert.Single(run.Expect(0).Lines));
        Assert.Empty(none.Expect(0).Lines);
    }

    [Fact]
    public async Task Snapshot_travels_by_flag_and_by_option()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var byFlag = await warehouse.RunAsync("scan", "shop.orders", "--snapshot", "1", "--select", "id", "--json");
        var byOption = await warehouse.RunAsync(
            "scan", "shop.orders", "--option", "scan.snapshot-id=1", "--select", "id", "--json");

        Assert.Equal(["""{"id":1}""", """{"id":2}""", """{"id":3}"""], byFlag.Expect(0).Lines);
        Assert.Equal(byFlag.Output, byOption.Expect(0).Output);
    }

    [Fact]
    public async Task Changelog_gives_changes_with_snapshot_and_kind_from_and_to()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var all = await warehouse.RunAsync("scan", "shop.orders", "--changelog", "--json");
        var second = await warehouse.RunAsync(
            "scan", "shop.orders", "--changelog", "--from", "2", "--to", "2", "--select", "id", "--json");
        var beyond = await warehouse.RunAsync("scan", "shop.orders", "--changelog", "--from", "3", "--to", "99", "--json");
        var forPeople = await warehouse.RunAsync("scan", "shop.orders", "--changelog", "--from", "3");

        Assert.Equal(6, all.Expect(0).Lines.Length);
        Assert.StartsWith("""{"_snapshot":1,"_row_kind":"+I","id":1,"status":"NEW",""", all.Lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ["""{"_snapshot":2,"_row_kind":"+I","id":1}""", """{"_snapshot":2,"_row_kind":"-D","id":3}"""],
            second.Expect(0).Lines);
        Assert.Single(beyond.Expect(0).Lines);
        Assert.Contains("+I", forPeople.Expect(0).Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flags_that_change_nothing_on_a_plain_table_are_accepted()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = await warehouse.RunAsync(
            "scan", "shop.orders", "--all-levels", "--main-only", "--zone", "UTC", "--schema", "0", "--json");

        Assert.Equal(Newest, run.Expect(0).Lines.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2, "no snapshot 9", "--snapshot", "9")]
    [InlineData(2, "no tag 'x'", "--tag", "x")]
    [InlineData(2, "no branch 'x'", "--branch", "x")]
    [InlineData(2, "'nope'", "--select", "nope")]
    [InlineData(2, "nope", "--where", "nope = 1")]
    [InlineData(2, "--limit", "--limit", "-1")]
    [InlineData(2, "expected key=value", "--option", "broken")]
    [InlineData(2, "merge-engine", "--option", "merge-engine=guess")]
    [InlineData(2, "--changelog", "--from", "1")]
    [InlineData(2, "--snapshot and --tag", "--snapshot", "1", "--tag", "x")]
    [InlineData(2, "--changelog", "--changelog", "--limit", "1")]
    [InlineData(2, "--to", "--changelog", "--from", "3", "--to", "2")]
    [InlineData(2, "--changelog", "--changelog", "--where", "id = 1")]
    [InlineData(3, "query-auth", "--option", "query-auth.enabled=true")]
    [InlineData(2, "watermark is 1 or later", "--option", "scan.watermark=1")]
    [InlineData(2, "row-tracking.enabled", "--row-ids")]
    [InlineData(2, "no time zone", "--zone", "Nowhere/City")]
    public async Task What_cannot_be_answered_is_said_with_its_exit_code(int exitCode, string part, params string[] arguments)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        var run = await warehouse.RunAsync(["scan", "shop.orders", "--json", .. arguments]);

        run.Expect(exitCode, "error: ", part);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Tables_and_warehouses_that_are_not_there_are_usage_errors_and_nothing_is_made()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var absent = Path.Combine(warehouse.Path, "elsewhere");

        (await warehouse.RunAsync("scan", "shop.nope")).Expect(2, "shop.nope", warehouse.Path);
        (await warehouse.RunAsync("scan", "orders")).Expect(2, "database.table");
        (await warehouse.RunAsync("scan")).Expect(2, "--path");
        (await warehouse.RunAsync("scan", "shop.orders", "--path", warehouse.TablePath)).Expect(2, "--path");
        (await ToolRun.OfAsync("scan", "shop.orders", "--warehouse", absent)).Expect(2, absent, "--warehouse");
        (await ToolRun.OfAsync("tables", "--warehouse", absent)).Expect(2, absent);
        (await ToolRun.OfAsync("scan", "--path", absent)).Expect(2, absent, "holds no table");
        Assert.False(Directory.Exists(absent));
    }
}
