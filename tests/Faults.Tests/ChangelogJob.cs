using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job whose compactions look keys up: they make a changelog or deletion vectors. What they have not reached is told by no
/// changelog, and with deletion vectors not read, so that a table may be a commit behind until the next compaction.
/// </summary>
internal sealed class ChangelogJob(IFileIO files, int seed, string producer, bool hasVectors) : TableJob(files, seed, "stock", "ingest"), IFaultJob
{
    public static int Commits => 6;

    public async Task RunAsync()
    {
        var table = await OpenOrCreateAsync(Definition());
        await using (var writer = table.NewWriter(User))
        {
            for (var commit = await CommittedAsync(table) + 1; commit <= Commits; commit++)
            {
                foreach (var (id, name, isDelete) in NamedRows.Of(commit))
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
            Assert.Equal(NamedRows.StateAfter(hasVectors ? compacted : written), await NamedRows.ReadAsync(table.NewScan().AsOfSnapshot(snapshot.Id)));
        }

        Assert.Equal(committed, written);
        if (producer != "none" && written > 0)
        {
            Assert.Equal(NamedRows.StateAfter(compacted), await NamedRows.ReplayAsync(table));
        }
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
