using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job that only adds rows, to a table without a primary key whose files are compacted often. What each commit writes depends
/// on its number alone.
/// </summary>
internal sealed class AppendJob(IFileIO files, int seed) : TableJob(files, seed, "events", "append"), IFaultJob
{
    private const int RowsPerCommit = 9;

    public static int Commits => 7;

    public async Task RunAsync()
    {
        var table = await OpenOrCreateAsync(
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

}
