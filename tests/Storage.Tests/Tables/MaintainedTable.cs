using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Tables;

/// <summary>A table in memory on a clock that never stands still, with what its directory holds told in short.</summary>
internal sealed class MaintainedTable : IAsyncDisposable
{
    public static readonly Identifier Name = new("shop", "orders");

    private MaintainedTable(Catalog catalog, StorageEnvironment environment, Table table, ManualTime time)
    {
        Catalog = catalog;
        Environment = environment;
        Table = table;
        Time = time;
        Writer = table.NewWriter("writer");
    }

    public Catalog Catalog { get; }

    public StorageEnvironment Environment { get; }

    public ManualTime Time { get; }

    public Table Table { get; private set; }

    public TableWriter Writer { get; private set; }

    public static SnapshotRetention KeepOne => new() { MinSnapshots = 1, MaxSnapshots = 1, TimeRetained = TimeSpan.Zero };

    public static async Task<MaintainedTable> CreateAsync(params (string Key, string Value)[] options)
    {
        var time = new ManualTime(step: TimeSpan.FromSeconds(1));
        var environment = new StorageEnvironment(new MemoryFileIO(time)) { Ids = new SeededIds(1), TimeProvider = time };
        var catalog = await TableKit.OpenCatalogAsync(environment);
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.String).PrimaryKey("k")
            .Option("num-sorted-run.compaction-trigger", "100");
        foreach (var (key, value) in options)
        {
            definition = definition.Option(key, value);
        }

        return new MaintainedTable(catalog, environment, await catalog.CreateTableAsync(Name, definition), time);
    }

    /// <summary>Commits one row.</summary>
    public async Task CommitAsync(int key, string value)
    {
        await Writer.UpsertAsync(key, value);
        await Writer.CommitAsync();
    }

    /// <summary>Commits some rows and merges all runs.</summary>
    public async Task CompactAsync(int key, string value)
    {
        await Writer.UpsertAsync(key, value);
        await Writer.CompactAsync();
        await Writer.CommitAsync();
    }

    /// <summary>Opens the table anew, another branch of it where one is named.</summary>
    public async Task ReopenAsync(string branch = "main")
    {
        await Writer.DisposeAsync();
        Table = await Catalog.GetTableAsync(Name, new Dictionary<string, string> { ["branch"] = branch });
        Writer = Table.NewWriter("writer");
    }

    /// <summary>The ids of the snapshots, in order.</summary>
    public async Task<string> SnapshotsAsync() =>
        string.Join(' ', (await Table.SnapshotsAsync()).Select(snapshot => snapshot.Id));

    public async Task<string> TagsAsync() =>
        string.Join(' ', (await Table.Tags.ListAsync()).Select(tag => $"{tag.Name}={tag.Snapshot.Id}"));

    public async Task<int> DataFilesAsync(string prefix = "data-") =>
        (await Environment.FileIO.ListAsync($"{Table.Path}/bucket-0")).Count(
            file => file.Name.StartsWith(prefix, StringComparison.Ordinal));

    public async Task<int> ManifestsAsync() => (await Environment.FileIO.ListAsync($"{Table.Path}/manifest")).Count;

    /// <summary>All rows of a state, as k:v.</summary>
    public static async Task<string> RowsAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            rows.Add($"{row.GetInt32(0)}:{row.GetString(1)}");
        }

        rows.Sort(StringComparer.Ordinal);
        return string.Join(' ', rows);
    }

    public Task<string> RowsAsync() => RowsAsync(Table.NewScan());

    /// <summary>True when no file is there that no state leads to.</summary>
    public async Task<IReadOnlyList<string>> OrphansAsync() =>
        (await Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true)).Paths;

    public ValueTask DisposeAsync() => Writer.DisposeAsync();
}
