using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job whose compactions look keys up: they make a changelog or deletion vectors. What they have not reached is told by no
/// changelog, and with deletion vectors not read, so that a table may be a commit behind until the next compaction.
/// </summary>
internal sealed class ChangelogJob(IFileIO files, int seed, string producer, bool hasVectors) : IFaultJob
{
    private const string User = "ingest";
    private const int RowsPerCommit = 12;
    private const int Keys = 20;

    private static readonly Identifier Name = new("shop", "stock");

    private readonly StorageEnvironment _environment = new(files) { Ids = new SeededIds(seed) };

    public static int Commits => 6;

    public long Acknowledged { get; private set; }

    public async Task RunAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", _environment);
        var table = await catalog.TableExistsAsync(Name)
            ? await catalog.GetTableAsync(Name)
            : await catalog.CreateTableAsync(Name, Definition());
        await using (var writer = table.NewWriter(User))
        {
            for (var commit = await CommittedAsync(table) + 1; commit <= Commits; commit++)
            {
                foreach (var (id, name, isDelete) in RowsOf(commit))
                {
                    await (isDelete ? writer.DeleteAsync(id) : writer.UpsertAsync(id, name));
                }

                await writer.CommitAsync(new CommitOptions { Identifier = commit });
                Acknowledged = commit;
            }
        }

        await using var compactor = table.NewWriter("compactor");
        await compactor.CompactAsync();
        await compactor.CommitAsync();
    }

    public async Task<long> CommittedAsync() => await OpenAsync() is { } table ? await CommittedAsync(table) : 0;

    public async Task CheckAsync(long committed)
    {
        if (await OpenAsync() is not { } table)
        {
            Assert.Equal(0, committed);
            return;
        }

        var (written, compacted) = (0L, 0L);
        foreach (var snapshot in await table.SnapshotsAsync())
        {
            written = snapshot.CommitUser == User ? snapshot.CommitIdentifier : written;
            compacted = snapshot.CommitKind == "COMPACT" ? written : compacted;
            Assert.Equal(StateAfter(hasVectors ? compacted : written), await ReadAsync(table.NewScan().AsOfSnapshot(snapshot.Id)));
        }

        Assert.Equal(committed, written);
        if (producer != "none" && written > 0)
        {
            Assert.Equal(StateAfter(compacted), await ReplayAsync(table));
        }
    }

    private static SortedDictionary<long, string> StateAfter(long commit)
    {
        var state = new SortedDictionary<long, string>();
        for (var i = 1L; i <= commit; i++)
        {
            foreach (var (id, name, isDelete) in RowsOf(i))
            {
                if (isDelete)
                {
                    state.Remove(id);
                }
                else
                {
                    state[id] = name;
                }
            }
        }

        return state;
    }

    private static async Task<SortedDictionary<long, string>> ReadAsync(TableScan scan)
    {
        var result = new SortedDictionary<long, string>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            result.Add(row.GetInt64("id"), row.GetString("name"));
        }

        return result;
    }

    private static async Task<SortedDictionary<long, string>> ReplayAsync(Table table)
    {
        var state = new SortedDictionary<long, string>();
        var stream = table.NewChangelogStream(new ChangelogStreamOptions { FromSnapshot = 1, Bounded = true });
        await foreach (var batch in stream.ReadAsync())
        {
            for (var i = 0; i < batch.Rows.RowCount; i++)
            {
                var row = new Row(batch.Rows, i);
                if (batch.Rows.KindOf(i).IsAdd())
                {
                    Assert.True(state.TryAdd(row.GetInt64("id"), row.GetString("name")), $"{row} of a key that is there");
                }
                else
                {
                    Assert.True(state.Remove(row.GetInt64("id"), out var before) && before == row.GetString("name"), $"{row} is wrong");
                }
            }
        }

        return state;
    }

    private static IEnumerable<(long Id, string Name, bool IsDelete)> RowsOf(long commit)
    {
        var random = new Random((int)commit * 7919);
        for (var i = 0; i < RowsPerCommit; i++)
        {
            yield return (random.Next(Keys), $"name {commit}.{i}", random.Next(5) == 0);
        }
    }

    private static async Task<long> CommittedAsync(Table table) =>
        (await table.LatestSnapshotOfUserAsync(User))?.CommitIdentifier ?? 0;

    private async Task<Table?> OpenAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", _environment);
        return await catalog.TableExistsAsync(Name) ? await catalog.GetTableAsync(Name) : null;
    }

    private TableDefinition Definition() => new TableDefinition()
        .Column("id", DataTypes.BigInt)
        .Column("name", DataTypes.String)
        .PrimaryKey("id")
        .Option("bucket", "1")
        .Option("changelog-producer", producer)
        .Option("deletion-vectors.enabled", hasVectors ? "true" : "false")
        .Option("num-sorted-run.compaction-trigger", "3");
}
