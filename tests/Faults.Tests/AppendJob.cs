using PaimonSharp.Data.Types;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job that only adds rows, to a table without a primary key whose files are compacted often. What each commit writes depends
/// on its number alone.
/// </summary>
internal sealed class AppendJob(IFileIO files, int seed) : IFaultJob
{
    private const string User = "append";
    private const int RowsPerCommit = 9;

    private static readonly Identifier Name = new("shop", "events");

    private readonly StorageEnvironment _environment = new(files) { Ids = new SeededIds(seed) };

    public static int Commits => 7;

    public long Acknowledged { get; private set; }

    public async Task RunAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", _environment);
        var table = await catalog.TableExistsAsync(Name)
            ? await catalog.GetTableAsync(Name)
            : await catalog.CreateTableAsync(
                Name,
                new TableDefinition()
                    .Column("id", DataTypes.BigInt)
                    .Column("name", DataTypes.String)
                    .Option("bucket", "2")
                    .Option("bucket-key", "id")
                    .Option("write-buffer-size", "1 b")
                    .Option("compaction.min.file-num", "3"));
        var start = await CommittedAsync(table);
        await using var writer = table.NewWriter(User);
        for (var commit = start + 1; commit <= Commits; commit++)
        {
            for (var i = 0; i < RowsPerCommit; i++)
            {
                await writer.UpsertAsync((commit * i) % 5, $"row {commit}.{i}");
            }

            await writer.CommitAsync(new CommitOptions { Identifier = commit, WaitForCompaction = true });
            Acknowledged = commit;
        }
    }

    public async Task<long> CommittedAsync() => await OpenAsync() is { } table ? await CommittedAsync(table) : 0;

    public async Task CheckAsync(long committed)
    {
        if (await OpenAsync() is not { } table || await table.LatestSnapshotAsync() is null)
        {
            Assert.Equal(0, committed);
            return;
        }

        Assert.Equal(StateAfter(committed), await ReadAsync(table.NewScan()));
        foreach (var snapshot in await table.SnapshotsAsync())
        {
            Assert.Equal(StateAfter(snapshot.CommitIdentifier), await ReadAsync(table.NewScan().AsOfSnapshot(snapshot.Id)));
        }
    }

    /// <summary>The kinds of all snapshots, oldest first.</summary>
    public async Task<IReadOnlyList<string>> KindsAsync() =>
        await OpenAsync() is { } table ? [.. (await table.SnapshotsAsync()).Select(static s => s.CommitKind)] : [];

    private static IEnumerable<string> StateAfter(long commit) =>
        from i in Enumerable.Range(1, (int)commit)
        from row in Enumerable.Range(0, RowsPerCommit)
        select $"{(i * row) % 5}/row {i}.{row}" into text
        orderby text
        select text;

    private static async Task<List<string>> ReadAsync(TableScan scan)
    {
        var rows = new List<string>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            rows.Add($"{row.GetInt64("id")}/{row.GetString("name")}");
        }

        return [.. rows.Order()];
    }

    private static async Task<long> CommittedAsync(Table table) =>
        (await table.LatestSnapshotOfUserAsync(User))?.CommitIdentifier ?? 0;

    private async Task<Table?> OpenAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", _environment);
        return await catalog.TableExistsAsync(Name) ? await catalog.GetTableAsync(Name) : null;
    }
}
