using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A table takes over a branch that begins before the table's own oldest snapshot, on a disk that fails: whatever is left, the
/// oldest snapshot is found, an expiry takes nothing that a later snapshot needs, and the take-over can be repeated.
/// </summary>
public sealed class FastForwardFaultTests
{
    private const string Branch = "trial";
    private static readonly Identifier Name = new("shop", "orders");

    [Theory]
    [InlineData(SimulatedFailure.Forever)]
    [InlineData(SimulatedFailure.Once)]
    public async Task A_failure_anywhere_leaves_a_table_whose_snapshots_are_whole(SimulatedFailure failure)
    {
        var failures = 0;
        for (var operation = 1; ; operation++)
        {
            var disk = new SimulatedFileSystem(FaultLoop.FirstSeed + operation);
            var table = await PrepareAsync(disk);
            disk.FailAt(disk.OperationCount + operation, failure);
            try
            {
                await table.Branches.FastForwardAsync(Branch);
            }
            catch (PaimonException e) when (disk.HasFailed && e.Kind == ErrorKind.Unavailable)
            {
                failures++;
            }

            if (!disk.HasFailed)
            {
                break;
            }

            var left = failure == SimulatedFailure.Forever ? disk.CrashClone(disk.Seed) : disk;
            try
            {
                await CheckAsync(left);
            }
            catch (Exception)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"operation {operation}\n{disk.History}\nAfterwards:\n{left.History}");
                throw;
            }
        }

        Assert.True(failures > 0, "No operation failed: the scenario tests nothing.");
    }

    /// <summary>Main has snapshots 4 and 5, the branch 2 to 5: the tag's and three of its own.</summary>
    private static async Task<Table> PrepareAsync(SimulatedFileSystem disk)
    {
        var table = await OpenAsync(disk, seed: 1, create: true);
        await WriteAsync(table, 1, 2);
        await table.Tags.CreateAsync("base");
        await table.Branches.CreateAsync(Branch, "base");
        await WriteAsync(table, 3, 5);
        await WriteAsync(await OpenAsync(disk, seed: 2, branch: Branch), 103, 105);
        await table.Maintenance.ExpireSnapshotsAsync(
            new SnapshotRetention { MinSnapshots = 2, MaxSnapshots = 2, TimeRetained = TimeSpan.Zero });
        Assert.Equal([4, 5], await table.Store.Snapshots.ListIdsAsync());
        return table;
    }

    private static async Task CheckAsync(IFileIO files)
    {
        var table = await OpenAsync(files, seed: 3);
        await CheckSnapshotsAsync(table);
        await table.Maintenance.ExpireSnapshotsAsync(
            new SnapshotRetention { MinSnapshots = 1, MaxSnapshots = 1, TimeRetained = TimeSpan.Zero, MaxDeletes = 1 });
        await CheckSnapshotsAsync(table);

        // What is replaced may be expired in part: the branch is whole, and the table becomes what it is.
        await table.Branches.FastForwardAsync(Branch);
        table = await OpenAsync(files, seed: 4);
        Assert.Equal([2, 3, 4, 5], await table.Store.Snapshots.ListIdsAsync());
        await CheckSnapshotsAsync(table);
        Assert.Equal("1 2 103 104 105", await RowsAsync(table.NewScan()));
    }

    private static async Task CheckSnapshotsAsync(Table table)
    {
        var ids = await table.Store.Snapshots.ListIdsAsync();
        Assert.Equal(ids.Cast<long?>().FirstOrDefault(), await table.Store.Snapshots.EarliestIdAsync());
        Assert.Equal(ids.Cast<long?>().LastOrDefault(), await table.Store.Snapshots.LatestIdAsync());
        foreach (var id in ids)
        {
            var rows = (await RowsAsync(table.NewScan().AsOfSnapshot(id))).Split(' ');
            Assert.Equal(id, rows.Length);
        }
    }

    private static async Task WriteAsync(Table table, int first, int last)
    {
        await using var writer = table.NewWriter($"user {first}");
        for (var key = first; key <= last; key++)
        {
            await writer.UpsertAsync(key);
            await writer.CommitAsync();
        }
    }

    private static async Task<string> RowsAsync(TableScan scan)
    {
        var rows = new List<int>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            rows.Add(row.GetInt32(0));
        }

        return string.Join(' ', rows.Order());
    }

    private static async Task<Table> OpenAsync(IFileIO files, int seed, bool create = false, string? branch = null)
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(files) { Ids = new SeededIds(seed) });
        if (create)
        {
            await catalog.CreateTableAsync(Name, new TableDefinition().Column("k", DataTypes.Int).PrimaryKey("k")
                .Option("write-only", "true"));
        }

        return await catalog.GetTableAsync(Name, branch is null ? null : new Dictionary<string, string> { ["branch"] = branch });
    }
}
