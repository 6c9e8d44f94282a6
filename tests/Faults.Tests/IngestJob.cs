using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job as users write them: it makes its table when that is not there, asks the table where it stands, and goes on from
/// there, one numbered commit after the other. Halfway it adds a column. What each commit writes depends on its number alone,
/// so that <see cref="StateAfter"/> can say what the table must hold after any of them.
/// </summary>
internal sealed class IngestJob(IFileIO files, int seed) : TableJob(files, seed, "orders", "ingest"), IFaultJob
{
    private const int AddColumnAt = 5;
    private const int RowsPerCommit = 12;
    private const int Keys = 20;

    public static int Commits => 8;

    /// <summary>The rows after a commit, by key.</summary>
    public static SortedDictionary<long, string> StateAfter(long commit)
    {
        var state = new SortedDictionary<long, string>();
        for (var i = 1L; i <= commit; i++)
        {
            foreach (var (id, name, note, isDelete) in RowsOf(i))
            {
                if (isDelete)
                {
                    state.Remove(id);
                }
                else
                {
                    state[id] = $"{name}/{note ?? "NULL"}";
                }
            }
        }

        return state;
    }

    public async Task RunAsync()
    {
        var catalog = await OpenCatalogAsync();
        var table = await OpenOrCreateAsync(Definition);
        var start = await CommittedAsync(table);
        await using var writer = table.NewWriter(User);
        for (var commit = start + 1; commit <= Commits; commit++)
        {
            if (commit >= AddColumnAt && !writer.Schema.Fields.Any(static f => f.Name == "note"))
            {
                await writer.ApplySchemaAsync(
                    await catalog.AlterTableAsync(Name, new SchemaChange.AddColumn("note", DataTypes.String)));
            }

            foreach (var row in RowsOf(commit))
            {
                await WriteAsync(writer, row);
            }

            await writer.CommitAsync(new CommitOptions { Identifier = commit });
            Acknowledged = commit;
        }
    }

    /// <summary>Every snapshot, and the newest state, hold exactly what the model holds after their commit.</summary>
    public async Task CheckAsync(long committed)
    {
        Assert.Equal(StateAfter(committed), await ReadAsync());
        var expectedId = 1L;
        var lastCommit = 0L;
        foreach (var snapshot in await SnapshotsAsync())
        {
            Assert.Equal(expectedId++, snapshot.Id);
            Assert.InRange(snapshot.CommitIdentifier, lastCommit, committed);
            Assert.Equal(StateAfter(snapshot.CommitIdentifier), await ReadAsync(snapshot.Id));
            lastCommit = snapshot.CommitIdentifier;
        }
    }

    private static TableDefinition Definition => new TableDefinition()
        .Column("id", DataTypes.BigInt)
        .Column("name", DataTypes.String)
        .PrimaryKey("id")
        .Option("bucket", "2")
        .Option("num-sorted-run.compaction-trigger", "2");

    /// <summary>The rows of the newest state, or those of a snapshot.</summary>
    private async Task<SortedDictionary<long, string>> ReadAsync(long? snapshotId = null)
    {
        var result = new SortedDictionary<long, string>();
        if (await OpenAsync() is not { } table || await table.LatestSnapshotAsync() is null)
        {
            return result;
        }

        var scan = snapshotId is { } id ? table.NewScan().AsOfSnapshot(id) : table.NewScan();
        await foreach (var row in scan.ReadRowsAsync())
        {
            var note = row.Batch.RowType.IndexOf("note") < 0 ? null : row["note"];
            result.Add(row.GetInt64("id"), $"{row.GetString("name")}/{note ?? "NULL"}");
        }

        return result;
    }

    private static IEnumerable<(long Id, string Name, string? Note, bool IsDelete)> RowsOf(long commit)
    {
        var random = new Random((int)commit * 7919);
        for (var i = 0; i < RowsPerCommit; i++)
        {
            var id = random.Next(Keys);
            var note = commit >= AddColumnAt && random.Next(3) > 0 ? $"note {commit}.{i}" : null;
            yield return (id, $"name {commit}.{i}", note, random.Next(5) == 0);
        }
    }

    private static ValueTask WriteAsync(TableWriter writer, (long Id, string Name, string? Note, bool IsDelete) row)
    {
        if (row.IsDelete)
        {
            return writer.DeleteAsync(row.Id);
        }

        return writer.Schema.Fields.Count == 2
            ? writer.UpsertAsync(row.Id, row.Name)
            : writer.UpsertAsync(row.Id, row.Name, row.Note);
    }
}
