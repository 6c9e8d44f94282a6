using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A table that is kept small while it is written: compactions, expiry after every commit down to three snapshots, a tag that
/// is made and one that is deleted, an added column, manifests merged often. Each check also cleans up and proves that exactly
/// the leftovers went.
/// </summary>
internal sealed class MaintainJob(IFileIO files, int seed) : TableJob(files, seed, "orders", "maintainer"), IFaultJob
{
    private const int Keys = 5;
    private const int RetainedSnapshots = 3;
    private const int KeptTagAt = 3;
    private const int BriefTagAt = 4;
    private const int AddColumnAt = 6;
    private const int DeleteTagAt = 8;

    public static int Commits => 10;

    public async Task RunAsync()
    {
        await OpenOrCreateAsync(Definition);
        var catalog = await OpenCatalogAsync();
        for (var number = await CommittedAsync() + 1; number <= Commits; number++)
        {
            await MaintainAsync(catalog, number);
            var table = await catalog.GetTableAsync(Name);
            await using var writer = table.NewWriter(User);
            await writer.UpsertAsync(RowOf(number, table.Schema.Fields.Count));
            await writer.CommitAsync(new CommitOptions { Identifier = number });
            Acknowledged = number;
        }
    }

    /// <summary>The newest state, what is retained and the tags are as they should be, before and after a clean.</summary>
    public async Task CheckAsync(long committed)
    {
        if (await OpenAsync() is not { } table)
        {
            Assert.Equal(0, committed);
            return;
        }

        await CheckStatesAsync(table, committed);
        await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        await CheckStatesAsync(table, committed);
        await CheckFilesAsync(table);
        Assert.Empty((await table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true)).Paths);
    }

    private static TableDefinition Definition => new TableDefinition()
        .Column("k", DataTypes.Int).Column("v", DataTypes.BigInt).PrimaryKey("k")
        .Option("num-sorted-run.compaction-trigger", "3")
        .Option("snapshot.num-retained.min", "1")
        .Option("snapshot.num-retained.max", $"{RetainedSnapshots}")
        .Option("manifest.merge-min-count", "3");

    private static object?[] RowOf(long number, int columns) =>
        columns == 2 ? [(int)(number % Keys), number] : [(int)(number % Keys), number, $"n{number}"];

    /// <summary>What comes before a commit; done again after a failure, so it must see that it was done.</summary>
    private async Task MaintainAsync(Catalog catalog, long number)
    {
        var table = await catalog.GetTableAsync(Name);
        switch (number)
        {
            case KeptTagAt + 1 when await table.Tags.TryGetAsync("kept") is null:
                await table.Tags.CreateAsync("kept");
                break;
            case BriefTagAt + 1 when await table.Tags.TryGetAsync("brief") is null:
                await table.Tags.CreateAsync("brief");
                break;
            case AddColumnAt when table.Schema.Fields.Count == 2:
                await catalog.AlterTableAsync(Name, new SchemaChange.AddColumn("n", DataTypes.String));
                break;
            case DeleteTagAt:
                await table.Tags.DeleteAsync("brief");
                break;
            default:
                break;
        }
    }

    /// <summary>The snapshots that must be readable: what an expiry that was cut short has taken to pieces is older.</summary>
    private static async Task<List<TableSnapshot>> RetainedAsync(Table table)
    {
        var snapshots = await table.SnapshotsAsync();
        return [.. snapshots.TakeLast(RetainedSnapshots)];
    }

    private static async Task CheckStatesAsync(Table table, long committed)
    {
        Assert.Equal(Model(committed), await RowsAsync(table.NewScan()));
        foreach (var snapshot in await RetainedAsync(table))
        {
            Assert.InRange(snapshot.CommitIdentifier, 1, committed);
            Assert.Equal(Model(snapshot.CommitIdentifier), await RowsAsync(table.NewScan().AsOfSnapshot(snapshot.Id)));
        }

        var tags = await table.Tags.ListAsync();
        foreach (var tag in tags)
        {
            Assert.Equal(Model(tag.Name == "kept" ? KeptTagAt : BriefTagAt), await RowsAsync(table.NewScan().AsOfTag(tag.Name)));
        }

        // A tag is made before the commit that follows it, and so may be there already or must be.
        Assert.True(committed <= KeptTagAt || tags.Any(tag => tag.Name == "kept"));
        Assert.True(committed < DeleteTagAt || tags.All(tag => tag.Name == "kept"));
    }

    /// <summary>Data files on the disk are those of the states that are there, no more, and none of those kept is missing.</summary>
    private async Task CheckFilesAsync(Table table)
    {
        var onDisk = (await Files.ListAsync($"{table.Path}/bucket-0")).Select(file => file.Name)
            .ToHashSet(StringComparer.Ordinal);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in await RetainedAsync(table))
        {
            needed.UnionWith((await table.FilesAsync(snapshot.Id)).Select(file => file.Name));
        }

        foreach (var tag in await table.Tags.ListAsync())
        {
            var live = await table.Store.Scan.LiveAsync(
                (await table.Store.Tags.ReadAsync(tag.Name)).Snapshot, Storage.Metadata.ScanFilter.All);
            needed.UnionWith(live.Select(entry => entry.File.FileName));
        }

        Assert.Subset(onDisk, needed);

        // A snapshot that is expiring still leads to its files, as far as they are left.
        if ((await table.SnapshotsAsync()).Count <= RetainedSnapshots)
        {
            needed.UnionWith(await DeltaNamesAsync(table));
            Assert.Subset(needed, onDisk);
        }
    }

    /// <summary>Files that a retained snapshot added and removed again are kept with it, too.</summary>
    private static async Task<HashSet<string>> DeltaNamesAsync(Table table)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in await RetainedAsync(table))
        {
            var delta = await table.Store.Scan.DeltaAsync(
                await table.Store.Snapshots.ReadAsync(snapshot.Id), Storage.Metadata.ScanFilter.All);
            names.UnionWith(delta.Select(entry => entry.File.FileName));
        }

        return names;
    }

    private static async Task<List<string>> RowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var row in scan.Project("k", "v").ReadRowsAsync())
        {
            rows.Add($"{row.GetInt32(0)}:{row.GetInt64(1)}");
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static List<string> Model(long committed)
    {
        var rows = new SortedDictionary<long, long>();
        for (var number = 1L; number <= committed; number++)
        {
            rows[number % Keys] = number;
        }

        return [.. rows.Select(row => $"{row.Key}:{row.Value}").Order(StringComparer.Ordinal)];
    }
}
