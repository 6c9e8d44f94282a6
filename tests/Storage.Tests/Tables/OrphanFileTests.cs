using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Storage.Tests.Compaction;

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

    [Theory]
    [InlineData("input")]
    [InlineData("none")]
    public async Task What_becomes_a_changelog_while_the_clean_looks_around_is_no_orphan(string producer)
    {
        // The snapshots expire after the first directory was listed, after the second one, and so on.
        for (var moment = 1; ; moment++)
        {
            var files = new HookedFileIO();
            var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(files));
            var table = await catalog.CreateTableAsync(
                MaintainedTable.Name,
                new TableDefinition().Column("k", DataTypes.Int).PrimaryKey("k").Option("bucket", "1")
                    .Option("changelog-producer", producer).Option("changelog.num-retained.max", "100")
                    .Option("snapshot.num-retained.max", "50"));
            await using var writer = table.NewWriter("job");
            for (var key = 0; key < 4; key++)
            {
                await writer.UpsertAsync(key);
                await writer.CompactAsync();
                await writer.CommitAsync();
            }

            var left = moment;
            files.Listed = async _ =>
            {
                if (--left == 0)
                {
                    files.Listed = null;
                    var retention = new SnapshotRetention
                    {
                        MinSnapshots = 1,
                        MaxSnapshots = 1,
                        MaxChangelogs = 100,
                        TimeRetained = TimeSpan.Zero,
                    };
                    await table.Maintenance.ExpireSnapshotsAsync(retention);
                }
            };
            await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
            if (files.Listed is not null)
            {
                Assert.True(moment > 5, "nothing happened in between");
                break;
            }

            Assert.Single(await table.SnapshotsAsync());
            Assert.Equal(4, (await TableKit.ChangesAsync(table, 1)).Count);
            Assert.Equal(4, (await TableKit.RowsAsync(table.NewScan())).Count);
        }
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
