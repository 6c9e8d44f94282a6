using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tests.Tables;

public class ExpiryTests
{
    [Fact]
    public async Task Commits_expire_what_the_options_do_not_retain()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("snapshot.num-retained.min", "2"), ("snapshot.num-retained.max", "3"));
        for (var i = 1; i <= 5; i++)
        {
            await table.CommitAsync(i, "a");
        }

        Assert.Equal("3 4 5", await table.SnapshotsAsync());
        Assert.Equal("1:a 2:a 3:a 4:a 5:a", await table.RowsAsync());
        Assert.Empty(await table.OrphansAsync());
    }

    [Fact]
    public async Task Old_snapshots_go_by_age_and_young_ones_stay()
    {
        await using var table = await MaintainedTable.CreateAsync(("snapshot.num-retained.min", "1"));
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "a");
        table.Time.Advance(TimeSpan.FromMinutes(59));
        await table.CommitAsync(3, "a");
        Assert.Equal("1 2 3", await table.SnapshotsAsync());
        table.Time.Advance(TimeSpan.FromMinutes(2));
        await table.CommitAsync(4, "a");
        Assert.Equal("3 4", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task A_write_only_table_expires_nothing()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("write-only", "true"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1"));
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "a");
        Assert.Equal("1 2", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task Expiry_may_run_after_the_commit_has_returned()
    {
        await using (var table = await MaintainedTable.CreateAsync(
            ("snapshot.expire.execution-mode", "async"), ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "1")))
        {
            await table.CommitAsync(1, "a");
            await table.CommitAsync(2, "a");
            await table.ReopenAsync();
            Assert.Equal("2", await table.SnapshotsAsync());
        }
    }

    [Fact]
    public async Task A_consumer_keeps_what_it_reads_next()
    {
        await using var table = await MaintainedTable.CreateAsync();
        for (var i = 1; i <= 4; i++)
        {
            await table.CommitAsync(i, "a");
        }

        await table.Table.Consumers.SetAsync("reader", 2);
        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        Assert.Equal("2 3 4", await table.SnapshotsAsync());
        var consumer = Assert.Single(await table.Table.Consumers.ListAsync());
        Assert.Equal(("reader", 2L), (consumer.Id, consumer.NextSnapshotId));
        await table.Table.Consumers.DeleteAsync("reader");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("4", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task A_tag_that_has_lost_its_files_stops_no_expiry_and_what_it_may_need_is_left()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "a");
        await table.Table.Tags.CreateAsync("t");
        var files = table.Environment.FileIO;
        var tagged = await files.ListAsync($"{table.Table.Path}/manifest");
        await table.CompactAsync(3, "a");
        await table.CommitAsync(4, "a");
        foreach (var list in tagged.Where(file => file.Name.StartsWith("manifest-list-", StringComparison.Ordinal)))
        {
            await files.DeleteAsync(list.Path);
        }

        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("5", await table.SnapshotsAsync());
        await table.Table.Tags.DeleteAsync("t");
        Assert.NotEmpty((await table.Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero)).Paths);
        Assert.Equal("1:a 2:a 3:a 4:a", await table.RowsAsync());
    }

    [Fact]
    public async Task One_run_removes_no_more_than_the_limit()
    {
        await using var table = await MaintainedTable.CreateAsync();
        for (var i = 1; i <= 6; i++)
        {
            await table.CommitAsync(i, "a");
        }

        var retention = MaintainedTable.KeepOne with { MaxDeletes = 2 };
        Assert.Equal(2, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal("3 4 5 6", await table.SnapshotsAsync());
        Assert.Equal(2, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal(0, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
    }

    [Fact]
    public async Task The_newest_position_of_a_job_stays()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.Writer.UpsertAsync(1, "a");
        await table.Writer.CommitAsync(Position("1"));
        await table.Writer.UpsertAsync(2, "a");
        await table.Writer.CommitAsync(Position("2"));
        for (var i = 3; i <= 6; i++)
        {
            await table.CommitAsync(i, "a");
        }

        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        Assert.Equal("2 3 4 5 6", await table.SnapshotsAsync());
        Assert.Equal(0, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        await table.Writer.UpsertAsync(7, "a");
        await table.Writer.CommitAsync(Position("7"));
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("7", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task The_newest_position_of_each_job_stays()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await using var other = table.Table.NewWriter("other");
        for (var i = 1; i <= 4; i++)
        {
            var writer = i <= 2 ? table.Writer : other;
            await writer.UpsertAsync(i, "a");
            await writer.CommitAsync(Position($"{i}"));
        }

        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        Assert.Equal("2 3 4", await table.SnapshotsAsync());
        Assert.Equal("2", (await table.Table.LatestSnapshotOfUserAsync("writer"))!.Properties["paimonsharp.sync.position"]);
        await table.Writer.UpsertAsync(5, "a");
        await table.Writer.CommitAsync(Position("5"));
        Assert.Equal(2, await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne));
        Assert.Equal("4 5", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task A_changelog_of_an_abandoned_history_gives_way_to_that_of_the_snapshot()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "a");
        var snapshots = table.Table.Store.Snapshots;
        var first = await snapshots.ReadAsync(1);
        var abandoned = SnapshotJson.Write(first with { CommitUser = "abandoned" });
        Assert.True(await table.Environment.FileIO.TryPublishAsync(table.Table.Store.Paths.Changelog(1), abandoned));
        var retention = MaintainedTable.KeepOne with { ChangelogTimeRetained = TimeSpan.FromDays(100) };
        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal(first, await snapshots.TryReadChangelogAsync(1));
    }

    [Theory]
    [InlineData("none", 5, 0)]
    [InlineData("input", 1, 5)]
    public async Task Changelogs_may_outlive_their_snapshots(string producer, int dataFiles, int changelogFiles)
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("changelog-producer", producer), ("changelog.time-retained", "100 d"));
        for (var i = 1; i < 5; i++)
        {
            await table.CommitAsync(i, "a");
        }

        await table.CompactAsync(5, "a");
        var changes = await TableKit.ChangesAsync(table.Table, 1);
        var retention = MaintainedTable.KeepOne with { ChangelogTimeRetained = TimeSpan.FromDays(100) };
        Assert.Equal(5, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal("6", await table.SnapshotsAsync());
        Assert.Equal(dataFiles + (producer == "none" ? 1 : 0), await table.DataFilesAsync());
        Assert.Equal(changelogFiles, await table.DataFilesAsync("changelog-"));
        Assert.Equal(changes, await TableKit.ChangesAsync(table.Table, 1));
        Assert.Empty(await table.OrphansAsync());

        Assert.Equal(4, await table.Table.Maintenance.ExpireChangelogsAsync(MaintainedTable.KeepOne));
        Assert.Equal(["5 +I (5, a)"], await TableKit.ChangesAsync(table.Table, 5));
        Assert.Equal("1:a 2:a 3:a 4:a 5:a", await table.RowsAsync());

        // Flushed files go with the changelog of the compaction that replaced them: until then they may be cleaned up.
        Assert.Equal(producer == "none" ? 4 : 0, (await table.OrphansAsync()).Count);
    }

    [Fact]
    public async Task Retention_that_contradicts_itself_is_refused()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await RefusesAsync(new() { MinSnapshots = 5, MaxSnapshots = 4 });
        await RefusesAsync(new() { MinSnapshots = 0 });
        await RefusesAsync(new() { MaxDeletes = -1 });

        async Task RefusesAsync(SnapshotRetention retention)
        {
            var error = await Assert.ThrowsAsync<PaimonException>(
                () => table.Table.Maintenance.ExpireSnapshotsAsync(retention).AsTask());
            Assert.Equal(ErrorKind.Invalid, error.Kind);
        }
    }

    [Fact]
    public async Task Manifests_do_not_pile_up_over_many_commits()
    {
        await using var table = await MaintainedTable.CreateAsync(
            ("snapshot.num-retained.min", "1"), ("snapshot.num-retained.max", "2"), ("manifest.merge-min-count", "5"));
        for (var i = 0; i < 40; i++)
        {
            await table.CommitAsync(i % 3, $"{i}");
        }

        Assert.InRange(await table.ManifestsAsync(), 1, 20);
        Assert.Empty(await table.OrphansAsync());
        Assert.Equal("0:39 1:37 2:38", await table.RowsAsync());
    }

    private static Storage.Tables.CommitOptions Position(string value) =>
        new() { Properties = new Dictionary<string, string> { ["paimonsharp.sync.position"] = value } };
}
