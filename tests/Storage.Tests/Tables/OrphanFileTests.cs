using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tests.Tables;

public class OrphanFileTests
{
    [Fact]
    public async Task Young_files_stay_a_dry_run_removes_nothing_and_a_clean_removes_exactly_the_leftovers()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Table.Tags.CreateAsync("t");
        await table.CompactAsync(2, "b");
        var files = table.Environment.FileIO;
        string[] leftovers =
        [
            $"{table.Table.Path}/bucket-0/data-lost.parquet",
            $"{table.Table.Path}/bucket-7/changelog-lost.parquet",
            $"{table.Table.Path}/index/index-lost",
            $"{table.Table.Path}/manifest/manifest-lost",
            $"{table.Table.Path}/snapshot/.snapshot-9.x.tmp",
            $"{table.Table.Path}/statistics/stat-lost",
        ];
        foreach (var path in leftovers)
        {
            await files.ReplaceAsync(path, new byte[3]);
        }

        Assert.Empty((await table.Table.Maintenance.CleanOrphanFilesAsync()).Paths);
        table.Time.Advance(TimeSpan.FromHours(25));
        var found = await table.Table.Maintenance.CleanOrphanFilesAsync(isDryRun: true);
        Assert.Equal((leftovers.Length * 3, false), (found.SizeBytes, found.AreRemoved));
        Assert.Equal(leftovers, found.Paths);
        Assert.True(await files.ExistsAsync(leftovers[0]));
        Assert.Equal(leftovers, (await table.Table.Maintenance.CleanOrphanFilesAsync()).Paths);
        foreach (var path in leftovers)
        {
            Assert.False(await files.ExistsAsync(path));
        }

        Assert.False(await files.ExistsAsync($"{table.Table.Path}/bucket-7"));
        Assert.Equal("1:a 2:b", await table.RowsAsync());
        Assert.Equal("1:a", await MaintainedTable.RowsAsync(table.Table.NewScan().AsOfTag("t")));
    }

    [Fact]
    public async Task A_branch_without_schema_stops_the_clean()
    {
        await using var table = await MaintainedTable.CreateAsync();
        await table.CommitAsync(1, "a");
        await table.Environment.FileIO.CreateDirectoryAsync($"{table.Table.Path}/branch/branch-broken/snapshot");
        var error = await Assert.ThrowsAsync<PaimonException>(
            () => table.Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero).AsTask());
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
    }
}
