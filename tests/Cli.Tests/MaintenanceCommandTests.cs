using System.Text.Json;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Tests;

/// <summary>The commands that tag, branch, expire, roll back, truncate and clean a table.</summary>
public class MaintenanceCommandTests
{
    [Fact]
    public async Task Tags_are_made_listed_renamed_replaced_and_deleted()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var made = (await warehouse.RunAsync("tag", "create", "shop.orders", "--name", "first", "--snapshot", "1", "--json")).Expect(0);
        Assert.Equal("""{"name":"first","snapshotId":1}""", Assert.Single(made.Lines));
        (await warehouse.RunAsync("tag", "create", "shop.orders", "--name", "first")).Expect(2, "already");
        (await warehouse.RunAsync("tag", "rename", "shop.orders", "--name", "first", "--to", "one")).Expect(0);
        (await warehouse.RunAsync("tag", "create", "--path", warehouse.TablePath, "--name", "brief", "--keep", "2d")).Expect(0);
        (await warehouse.RunAsync("tag", "replace", "shop.orders", "--name", "one", "--snapshot", "2")).Expect(0);
        var tags = (await warehouse.RunAsync("tag", "list", "shop.orders", "--json")).Expect(0).Lines
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["one", "brief"], tags.Select(tag => tag.GetProperty("name").GetString()));
        Assert.Equal([2, 3], tags.Select(tag => tag.GetProperty("snapshotId").GetInt32()));
        Assert.Equal(2 * 24 * 3600, tags[1].GetProperty("keptSeconds").GetInt32());
        var text = (await warehouse.RunAsync("tag", "list", "shop.orders")).Expect(0).Output;
        Assert.Matches("(?m)^one .* ever *$", text);
        Assert.Matches("(?m)^brief .* 2 d *$", text);
        (await warehouse.RunAsync("tag", "delete", "shop.orders", "--name", "brief")).Expect(0);
        Assert.Contains(
            "There was no tag", (await warehouse.RunAsync("tag", "delete", "shop.orders", "--name", "brief")).Output, StringComparison.Ordinal);
        Assert.Single((await warehouse.RunAsync("tag", "list", "shop.orders", "--json")).Lines);
    }

    [Fact]
    public async Task A_branch_is_made_written_to_and_taken_over()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync("tag", "create", "shop.orders", "--name", "now")).Expect(0);
        (await warehouse.RunAsync("branch", "create", "shop.orders", "--name", "trial", "--tag", "now")).Expect(0);
        Assert.Equal(["""{"name":"trial"}"""], (await warehouse.RunAsync("branch", "list", "shop.orders", "--json")).Expect(0).Lines);
        var branch = await Table.OpenAsync(warehouse.TablePath, new Dictionary<string, string> { ["branch"] = "trial" });
        await using (var writer = branch.NewWriter())
        {
            await writer.UpsertAsync(9, "TRIAL", null);
            await writer.CommitAsync();
        }

        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
        Assert.Equal(4, (await warehouse.RunAsync("scan", "shop.orders", "--option", "branch=trial", "--json")).Expect(0).Lines.Length);
        (await warehouse.RunAsync("branch", "fast-forward", "shop.orders", "--name", "trial")).Expect(2, "--yes");
        (await warehouse.RunAsync("branch", "fast-forward", "shop.orders", "--name", "trial", "--yes")).Expect(0);
        Assert.Equal(4, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
        (await warehouse.RunAsync("branch", "delete", "shop.orders", "--name", "trial", "--yes")).Expect(0);
        (await warehouse.RunAsync("branch", "delete", "shop.orders", "--name", "trial", "--yes")).Expect(2, "no branch 'trial'");
    }

    [Fact]
    public async Task Partitions_that_are_older_than_a_time_expire()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync(
            "create", "shop.days", "--column", "day STRING", "--column", "id INT", "--primary-key", "day,id",
            "--partition-by", "day")).Expect(0);
        await using (var writer = (await Table.OpenAsync(Path.Combine(warehouse.Path, "shop.db", "days"))).NewWriter("days"))
        {
            await writer.UpsertAsync("20200131", 1);
            await writer.UpsertAsync("29990131", 1);
            await writer.CommitAsync();
        }

        string[] expire = ["expire-partitions", "shop.days", "--older-than", "30d", "--json"];
        (await warehouse.RunAsync("expire-partitions", "shop.days")).Expect(2, "--older-than");
        (await warehouse.RunAsync("expire-partitions", "shop.orders", "--older-than", "30d")).Expect(2, "has no partitions");
        Assert.Equal("""{"removed":true,"partitions":[]}""", Assert.Single((await warehouse.RunAsync(expire)).Expect(0).Lines));
        expire = [.. expire, "--formatter", "yyyyMMdd"];
        Assert.Equal(
            """{"removed":false,"partitions":[{"day":"20200131"}]}""",
            Assert.Single((await warehouse.RunAsync([.. expire, "--dry-run"])).Expect(0).Lines));
        Assert.Equal(
            """{"removed":true,"partitions":[{"day":"20200131"}]}""", Assert.Single((await warehouse.RunAsync(expire)).Expect(0).Lines));
        Assert.Equal("""{"day":"29990131","id":1}""", Assert.Single((await warehouse.RunAsync("scan", "shop.days", "--json")).Lines));
        (await warehouse.RunAsync("expire-partitions", "shop.days", "--older-than", "1d", "--strategy", "none")).Expect(2, "update-time");
    }

    [Fact]
    public async Task Snapshots_expire_as_far_as_consumers_let_them()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        Assert.Contains(
            "0 snapshots", (await warehouse.RunAsync("expire", "shop.orders")).Expect(0).Output, StringComparison.Ordinal);
        (await warehouse.RunAsync("consumer", "set", "shop.orders", "--id", "reader", "--next", "2")).Expect(0);
        string[] expire = ["expire", "shop.orders", "--retain-min", "1", "--retain-max", "1", "--json"];
        Assert.Equal("""{"expiredSnapshots":1,"expiredChangelogs":0}""", (await warehouse.RunAsync(expire)).Expect(0).Lines[0]);
        Assert.Equal(
            """{"id":"reader","nextSnapshotId":2}""",
            (await warehouse.RunAsync("consumer", "list", "shop.orders", "--json")).Expect(0).Lines[0]);
        (await warehouse.RunAsync("consumer", "delete", "shop.orders", "--id", "reader")).Expect(0);
        Assert.Equal("""{"expiredSnapshots":1,"expiredChangelogs":0}""", (await warehouse.RunAsync(expire)).Expect(0).Lines[0]);
        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
        (await warehouse.RunAsync("expire", "shop.orders", "--retain-min", "5", "--retain-max", "4")).Expect(2, "num-retained");
        (await warehouse.RunAsync("expire", "shop.orders", "--older-than", "soon")).Expect(2, "--older-than 'soon'");
    }

    [Fact]
    public async Task A_table_goes_back_and_what_is_left_over_is_cleaned_up()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync("rollback", "shop.orders", "--snapshot", "1")).Expect(2, "--yes");
        (await warehouse.RunAsync("rollback", "shop.orders", "--yes")).Expect(2, "--snapshot", "--tag");
        (await warehouse.RunAsync("rollback", "shop.orders", "--snapshot", "9", "--yes")).Expect(2, "no snapshot 9");
        var back = (await warehouse.RunAsync("rollback", "shop.orders", "--snapshot", "1", "--yes", "--json")).Expect(0);
        Assert.Equal("""{"snapshotId":1}""", back.Lines[0]);
        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);

        Assert.Contains(
            "0 files", (await warehouse.RunAsync("clean-orphans", "shop.orders")).Expect(0).Output, StringComparison.Ordinal);
        string[] clean = ["clean-orphans", "shop.orders", "--older-than", "0s", "--json"];
        var found = JsonDocument.Parse((await warehouse.RunAsync([.. clean, "--dry-run"])).Expect(0).Output).RootElement;
        Assert.False(found.GetProperty("removed").GetBoolean());
        var removed = JsonDocument.Parse((await warehouse.RunAsync(clean)).Expect(0).Output).RootElement;
        Assert.True(removed.GetProperty("removed").GetBoolean());
        Assert.Equal(found.GetProperty("files").GetArrayLength(), removed.GetProperty("files").GetArrayLength());
        Assert.True(removed.GetProperty("sizeBytes").GetInt64() > 0);
        Assert.All(removed.GetProperty("files").EnumerateArray(), file => Assert.False(File.Exists(file.GetString())));
        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines.Length);
    }

    [Fact]
    public async Task A_table_that_a_sync_writes_is_not_rolled_back()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var table = await Table.OpenAsync(warehouse.TablePath);
        using (await table.LockForWritingAsync())
        {
            (await warehouse.RunAsync("rollback", "shop.orders", "--snapshot", "1", "--yes")).Expect(1, "being written");
        }

        Assert.Equal(3, (await table.LatestSnapshotAsync())!.Id);
    }

    [Fact]
    public async Task Rows_are_removed_and_stay_in_earlier_snapshots()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        (await warehouse.RunAsync("truncate", "shop.orders")).Expect(2, "--yes");
        (await warehouse.RunAsync("truncate", "shop.orders", "--partition", "id=1", "--yes")).Expect(2, "'id' is no partition column");
        var run = (await warehouse.RunAsync("truncate", "shop.orders", "--yes", "--json")).Expect(0);
        Assert.Equal(4, JsonDocument.Parse(run.Output).RootElement.GetProperty("snapshotId").GetInt32());
        Assert.Empty((await warehouse.RunAsync("scan", "shop.orders", "--json")).Expect(0).Lines);
        Assert.Equal(3, (await warehouse.RunAsync("scan", "shop.orders", "--snapshot", "3", "--json")).Expect(0).Lines.Length);
    }

    [Theory]
    [InlineData("truncate", "--yes")]
    [InlineData("rollback", "--snapshot", "1", "--yes")]
    [InlineData("tail")]
    [InlineData("inspect")]
    [InlineData("alter", "--drop", "amount")]
    [InlineData("tag list")]
    public async Task The_name_of_a_system_table_never_stands_for_the_table_itself(string command, params string[] options)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        string[] words = command.Split(' ');
        const string refusal = "The system table $files is read by scan only; name the table alone.";
        (await warehouse.RunAsync([.. words, "shop.orders$files", .. options])).Expect(2, refusal);
        (await warehouse.RunAsync([.. words, "--path", warehouse.TablePath + "$files", .. options])).Expect(2, refusal);
        Assert.Equal(3, (await (await Table.OpenAsync(warehouse.TablePath)).LatestSnapshotAsync())!.Id);
        Assert.NotEmpty((await warehouse.RunAsync("scan", "shop.orders$files", "--json")).Expect(0).Lines);
    }

    [Theory]
    [InlineData("expire", "--older-than", "99999999999999d")]
    [InlineData("clean-orphans", "--older-than", "365001d")]
    [InlineData("tag create --name long", "--keep", "999999999d")]
    public async Task A_time_beyond_what_clocks_hold_is_refused(string command, string option, string time)
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        string[] words = command.Split(' ');
        (await warehouse.RunAsync([.. words, "shop.orders", option, time])).Expect(2, $"{option} '{time}'", "365000d is the longest");
        (await warehouse.RunAsync([.. words, "shop.orders", option, "365000d"])).Expect(0);
    }

    [Fact]
    public async Task A_subcommand_that_is_not_understood_names_its_own_help()
    {
        (await ToolRun.OfAsync("tag", "create", "shop.orders")).Expect(2, "--name", "'paimonsharp tag create --help'");
        (await ToolRun.OfAsync("tag")).Expect(2, "'paimonsharp tag --help'");
    }
}
