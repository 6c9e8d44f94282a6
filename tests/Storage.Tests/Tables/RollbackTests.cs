using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tests.Tables;

public class RollbackTests
{
    [Fact]
    public async Task Later_snapshots_and_their_tags_go_and_their_files_become_orphans()
    {
        await using var table = await MaintainedTable.CreateAsync();
        for (var i = 1; i <= 5; i++)
        {
            await table.CommitAsync(i, "a");
        }

        await table.Table.Tags.CreateAsync("t2", 2);
        await table.Table.Tags.CreateAsync("t4", 4);
        await table.Table.Maintenance.RollBackToSnapshotAsync(3);
        await table.ReopenAsync();
        Assert.Equal("1 2 3", await table.SnapshotsAsync());
        Assert.Equal("t2=2", await table.TagsAsync());
        Assert.Equal("1:a 2:a 3:a", await table.RowsAsync());
        Assert.Equal(5, await table.DataFilesAsync());
        await table.CommitAsync(6, "b");
        Assert.Equal("1 2 3 4", await table.SnapshotsAsync());
        await table.Table.Maintenance.RollBackToTagAsync("t2");
        await table.ReopenAsync();
        Assert.Equal("1 2", await table.SnapshotsAsync());
        var cleaned = await table.Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        Assert.True(cleaned.AreRemoved);
        Assert.Equal(2, await table.DataFilesAsync());
        await table.CommitAsync(7, "c");
        Assert.Equal("1:a 2:a 7:c", await table.RowsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_that_only_a_tag_keeps_comes_back(bool byTag)
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.CommitAsync(2, "a");
        await table.CommitAsync(3, "a");
        await table.Table.Maintenance.ExpireSnapshotsAsync(MaintainedTable.KeepOne);
        Assert.Equal("3", await table.SnapshotsAsync());
        await (byTag
            ? table.Table.Maintenance.RollBackToTagAsync("t")
            : table.Table.Maintenance.RollBackToSnapshotAsync(1));
        await table.ReopenAsync();
        Assert.Equal("1", await table.SnapshotsAsync());
        await table.CommitAsync(4, "b");
        Assert.Equal("1:a 4:b", await table.RowsAsync());
    }

    [Fact]
    public async Task A_state_that_is_not_there_is_refused()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        var error = await Assert.ThrowsAsync<PaimonException>(
            () => table.Table.Maintenance.RollBackToSnapshotAsync(50).AsTask());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        error = await Assert.ThrowsAsync<PaimonException>(() => table.Table.Maintenance.RollBackToTagAsync("t").AsTask());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Equal("1", await table.SnapshotsAsync());
    }
}
