using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tests.Tables;

public class BranchTests
{
    [Fact]
    public async Task A_branch_goes_its_own_way_until_the_table_is_fast_forwarded_to_it()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.Table.Branches.CreateAsync("b1", "t");
        await table.Table.Branches.CreateAsync("b2");
        await table.CommitAsync(2, "main");
        await table.ReopenAsync("b1");
        await table.CommitAsync(3, "b1");
        await table.CommitAsync(4, "b1");
        Assert.Equal("1:a 3:b1 4:b1", await table.RowsAsync());
        await table.ReopenAsync("b2");
        await table.CommitAsync(5, "b2");
        Assert.Equal("5:b2", await table.RowsAsync());
        await table.ReopenAsync();
        Assert.Equal("1:a 2:main", await table.RowsAsync());
        Assert.Equal(["b1", "b2"], await table.Table.Branches.ListAsync());

        await table.Table.Branches.FastForwardAsync("b1");
        await table.ReopenAsync();
        Assert.Equal("1 2 3", await table.SnapshotsAsync());
        Assert.Equal("1:a 3:b1 4:b1", await table.RowsAsync());
        Assert.Equal("t=1", await table.TagsAsync());
        await table.CommitAsync(6, "main");
        Assert.Equal("1:a 3:b1 4:b1 6:main", await table.RowsAsync());
        await table.Table.Branches.DeleteAsync("b2");
        Assert.Equal(["b1"], await table.Table.Branches.ListAsync());
    }

    [Fact]
    public async Task The_changelogs_of_the_history_that_a_fast_forward_replaces_go_too()
    {
        await using var table = await MaintainedTable.CreateAsync(("changelog-producer", "input"));
        await table.CommitAsync(1, "a");
        await table.CommitAsync(2, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.Table.Branches.CreateAsync("b", "t");
        await table.CommitAsync(3, "main");
        await table.CommitAsync(4, "main");
        await table.Table.Maintenance.ExpireSnapshotsAsync(
            MaintainedTable.KeepOne with { ChangelogTimeRetained = TimeSpan.FromDays(100) });
        Assert.Equal([1L, 2L, 3L], await table.Table.Store.Snapshots.ListChangelogIdsAsync());
        await table.ReopenAsync("b");
        await table.CommitAsync(5, "b");
        await table.ReopenAsync();

        await table.Table.Branches.FastForwardAsync("b");
        await table.ReopenAsync();
        Assert.Equal([1L], await table.Table.Store.Snapshots.ListChangelogIdsAsync());
        Assert.Equal("2 3", await table.SnapshotsAsync());
        Assert.Equal(["2 +I (2, a)", "3 +I (5, b)"], await TableKit.ChangesAsync(table.Table, 2));
    }

    [Fact]
    public async Task Expiry_begins_with_the_oldest_snapshot_that_a_fast_forward_brought_back()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.Table.Branches.CreateAsync("b", "t");
        await table.CommitAsync(2, "main");
        await table.CommitAsync(3, "main");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("3", await table.SnapshotsAsync());
        await table.ReopenAsync("b");
        await table.CommitAsync(4, "b");
        await table.CompactAsync(5, "b");
        await table.ReopenAsync();

        await table.Table.Branches.FastForwardAsync("b");
        await table.ReopenAsync();
        Assert.Equal("1 2 3 4", await table.SnapshotsAsync());
        Assert.Equal(1, await table.Table.Store.Snapshots.EarliestIdAsync());
        var retention = MaintainedTable.KeepOne with { MaxDeletes = 1 };
        Assert.Equal(1, await table.Table.Maintenance.ExpireSnapshotsAsync(retention));
        Assert.Equal("2 3 4", await table.SnapshotsAsync());
    }

    [Fact]
    public async Task Branches_are_refused_that_are_taken_missing_or_badly_named()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Branches.CreateAsync("b");
        await RefusesAsync(() => table.Table.Branches.CreateAsync("b"), "already");
        await RefusesAsync(() => table.Table.Branches.CreateAsync("12"), "not a number");
        await RefusesAsync(() => table.Table.Branches.CreateAsync("main"), "not 'main'");
        await RefusesAsync(() => table.Table.Branches.CreateAsync("c", "nobody"), "no tag 'nobody'");
        await RefusesAsync(() => table.Table.Branches.DeleteAsync("nobody"), "no branch 'nobody'");
        await RefusesAsync(() => table.Table.Branches.FastForwardAsync("main"), "cannot be fast-forwarded");
        await RefusesAsync(() => table.Table.Branches.FastForwardAsync("b"), "no snapshot");
        Assert.Equal(["b"], await table.Table.Branches.ListAsync());
    }

    [Fact]
    public async Task Expiry_on_either_side_keeps_what_the_other_side_reads()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.Table.Branches.CreateAsync("b", "t");
        await table.Table.Tags.DeleteAsync("t");
        await table.CompactAsync(1, "main");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        await table.ReopenAsync("b");
        Assert.Equal("1:a", await table.RowsAsync());
        await table.CompactAsync(1, "branch");
        await table.Table.Tags.DeleteAsync("t");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("1:branch", await table.RowsAsync());
        await table.ReopenAsync();
        Assert.Equal("1:main", await table.RowsAsync());
    }

    [Fact]
    public async Task The_files_of_a_deleted_branch_are_orphans_and_those_of_others_are_not()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Branches.CreateAsync("b");
        await table.Table.Branches.CreateAsync("c");
        await table.ReopenAsync("b");
        await table.CommitAsync(2, "b");
        await table.ReopenAsync("c");
        await table.CommitAsync(3, "c");
        await table.ReopenAsync();
        Assert.Empty(await table.OrphansAsync());
        await table.Table.Branches.DeleteAsync("b");
        var orphans = await table.Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        Assert.Single(orphans.Paths, path => path.Contains("/bucket-0/data-", StringComparison.Ordinal));
        Assert.Equal(2, await table.DataFilesAsync());
        await table.ReopenAsync("c");
        Assert.Equal("3:c", await table.RowsAsync());
    }

    private static async Task RefusesAsync(Func<ValueTask> action, string because)
    {
        var error = await Assert.ThrowsAsync<PaimonException>(() => action().AsTask());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
