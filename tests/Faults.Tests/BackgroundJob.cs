using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A job that never waits for its compactions: they look keys up, delete rows by vectors, or run in buckets that are chosen by an
/// index of keys or by where a key is. After every commit some keys are looked up, too. Once all is committed, everything is
/// compacted.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="seed">Where the names of files come from.</param>
/// <param name="options">Options as <c>key=value</c>, apart by blanks; <c>partitioned</c> for a table whose keys move between partitions.</param>
internal sealed class BackgroundJob(IFileIO files, int seed, string options) : TableJob(files, seed, "stock", "ingest"), IFaultJob
{
    private const string Compactor = "compactor";
    private const int Partitions = 3;

    private readonly bool _hasVectors = options.Contains("deletion-vectors.enabled=true", StringComparison.Ordinal);
    private readonly bool _hasChangelog = options.Contains("changelog-producer=lookup", StringComparison.Ordinal);
    private readonly bool _isPartitioned = options.Contains("partitioned", StringComparison.Ordinal);

    public static int Commits => 5;

    public async Task RunAsync()
    {
        var table = await OpenOrCreateAsync(Definition());
        await using (var writer = table.NewWriter(User))
        {
            for (var commit = await CommittedAsync(table) + 1; commit <= Commits; commit++)
            {
                foreach (var (id, name, isDelete) in NamedRows.Of(commit))
                {
                    await WriteAsync(writer, commit, id, name, isDelete);
                }

                await writer.CommitAsync(new CommitOptions { Identifier = commit });
                Acknowledged = commit;
                if (commit % 2 == 0)
                {
                    await CheckLookupAsync(table, commit);
                }
            }
        }

        await using var compactor = table.NewWriter(Compactor);
        await compactor.CompactAsync();
        await compactor.CommitAsync();
    }

    public async Task CheckAsync(long committed)
    {
        if (await OpenAsync() is not { } table || await table.LatestSnapshotAsync() is not { } latest)
        {
            Assert.Equal(0, committed);
            return;
        }

        var rows = await NamedRows.ReadAsync(table.NewScan());
        if (!_hasVectors || latest.CommitUser == Compactor)
        {
            Assert.Equal(NamedRows.StateAfter(committed), rows);
        }
        else
        {
            Assert.Contains(Enumerable.Range(0, (int)committed + 1), commit => NamedRows.StateAfter(commit).SequenceEqual(rows));
        }

        if (_hasChangelog)
        {
            var replayed = await NamedRows.ReplayAsync(table);
            Assert.Contains(Enumerable.Range(0, (int)committed + 1), commit => NamedRows.StateAfter(commit).SequenceEqual(replayed));
            Assert.True(!_hasVectors || rows.SequenceEqual(replayed), "the changelog tells of other rows than are read");
        }

        await CheckLookupAsync(table, committed);
    }

    /// <summary>Keys are found as they were committed, also where a compaction has not reached them.</summary>
    private async Task CheckLookupAsync(Table table, long commit)
    {
        if (_isPartitioned || _hasVectors)
        {
            return;
        }

        var state = NamedRows.StateAfter(commit);
        await using var lookup = await table.OpenLookupAsync();
        foreach (var key in NamedRows.AllKeys.Where(static key => key % 3 == 0))
        {
            Assert.Equal(state.GetValueOrDefault(key), (await lookup.GetAsync(key))?.GetString("name"));
        }
    }

    private ValueTask WriteAsync(TableWriter writer, long commit, long id, string name, bool isDelete) =>
        (_isPartitioned, isDelete) switch
        {
            (false, false) => writer.UpsertAsync(id, name),
            (false, true) => writer.DeleteAsync(id),
            (true, false) => writer.UpsertAsync(id, name, (int)((commit + id) % Partitions)),
            (true, true) => writer.DeleteAsync(id, name, (int)((commit + id) % Partitions)),
        };

    private TableDefinition Definition()
    {
        var definition = new TableDefinition().Column("id", DataTypes.BigInt).Column("name", DataTypes.String);
        definition = _isPartitioned ? definition.Column("part", DataTypes.Int.NotNull()).PartitionedBy("part") : definition;
        definition = definition.PrimaryKey("id").Option("num-sorted-run.compaction-trigger", "2").Option("lookup-wait", "false");
        foreach (var option in options.Split(' ').Where(static option => option.Contains('=', StringComparison.Ordinal)))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            definition = definition.Option(option[..equals], option[(equals + 1)..]);
        }

        return definition;
    }
}
