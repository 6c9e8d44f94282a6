using System.Globalization;
using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Processes;
using PaimonSharp.Testing.Readers;
using PaimonSharp.WritingProcess;

namespace PaimonSharp.Faults.Tests;

/// <summary>A table on disk that several processes of the operating system write and compact, and how to start them.</summary>
internal sealed class ProcessTable : IDisposable
{
    private readonly TempDirectory _folder;
    private readonly bool _sums;

    private ProcessTable(TempDirectory folder, Table table, bool sums)
    {
        _folder = folder;
        Table = table;
        _sums = sums;
    }

    public Table Table { get; }

    /// <summary>Makes a table.</summary>
    /// <param name="options">Options as <c>key=value</c>, apart by blanks.</param>
    public static async Task<ProcessTable> CreateAsync(string options)
    {
        var folder = new TempDirectory();
        var catalog = await Catalog.OpenAsync(folder.Path);
        var sums = options.Contains("merge-engine=aggregation", StringComparison.Ordinal);
        var definition = new TableDefinition().Column("k", DataTypes.Int).Column("n", DataTypes.BigInt).PrimaryKey("k")
            .Option(sums ? "fields.n.aggregate-function" : "sequence.field", sums ? "sum" : "n")
            .Option("num-sorted-run.compaction-trigger", "3")
            .Option("snapshot.num-retained.min", "20")
            .Option("snapshot.num-retained.max", "30");
        foreach (var option in options.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            definition = definition.Option(option[..equals], option[(equals + 1)..]);
        }

        return new ProcessTable(folder, await catalog.CreateTableAsync(new Identifier("shop", "orders"), definition), sums);
    }

    /// <summary>Starts a process that writes.</summary>
    /// <param name="number">Which one, from 0.</param>
    /// <param name="time">For how long, from its first commit on.</param>
    public ChildProcess StartWriter(int number, TimeSpan time) =>
        Start(
            "write",
            number.ToString(CultureInfo.InvariantCulture),
            time.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts a process that compacts until its input is closed.</summary>
    /// <param name="isFull">True to merge all files again and again, false for what is due.</param>
    public ChildProcess StartCompactor(bool isFull) => Start("compact", isFull ? "full" : "due");

    /// <summary>The last commit that a writing process has told of, 0 for none.</summary>
    public static long CommitsOf(ChildProcess writer)
    {
        var text = writer.Output;
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? 0 : long.Parse(lines[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The rows are those of so many commits of each process.</summary>
    /// <param name="commits">How often each process has committed.</param>
    public async Task CheckRowsAsync(params IReadOnlyList<long> commits) =>
        Assert.Equal(ProcessRows.StateAfter(commits, _sums), await ReadAsync(Table.NewScan()));

    /// <summary>
    /// Nothing but what no snapshot needs is cleaned up, every snapshot reads as before it, and the independent checker is content.
    /// </summary>
    public async Task CheckFilesAsync()
    {
        var before = await StatesAsync();
        await Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero);
        Assert.Equal(before, await StatesAsync());
        Assert.Empty((await Table.Maintenance.CleanOrphanFilesAsync(TimeSpan.Zero, isDryRun: true)).Paths);
        await PaimonCheck.AssertValidAsync(Table.Path);
    }

    /// <summary>Follows the changelog beside the writers and applies it, until a snapshot and all before it are applied.</summary>
    /// <param name="last">The snapshot to end with, asked for after every batch; null while it is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What all changes together come to.</returns>
    public async Task<SortedDictionary<int, long>> FollowAsync(Func<long?> last, CancellationToken cancellationToken)
    {
        var state = new SortedDictionary<int, long>();
        var stream = Table.NewChangelogStream(new ChangelogStreamOptions
        {
            FromSnapshot = 1,
            ConsumerId = "follower",
            PollInterval = TimeSpan.FromMilliseconds(20),
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync();
        try
        {
            await foreach (var batch in stream.ReadAsync(stop.Token))
            {
                await stream.CommitProgressAsync(CancellationToken.None);
                Apply(batch, state);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }

        await watch;
        return state;

        async Task WatchAsync()
        {
            while (last() is not { } end || stream.NextSnapshot <= end)
            {
                await Task.Delay(50, cancellationToken);
            }

            await stop.CancelAsync();
        }
    }

    /// <summary>The rows of a scan by key.</summary>
    public static async Task<SortedDictionary<int, long>> ReadAsync(TableScan scan)
    {
        var rows = new SortedDictionary<int, long>();
        await foreach (var row in scan.ReadRowsAsync())
        {
            Assert.True(rows.TryAdd(row.GetInt32(0), row.GetInt64(1)), $"key {row.GetInt32(0)} is there twice");
        }

        return rows;
    }

    public void Dispose() => _folder.Dispose();

    private static void Apply(ChangelogBatch batch, SortedDictionary<int, long> state)
    {
        for (var i = 0; i < batch.Rows.RowCount; i++)
        {
            var row = new Row(batch.Rows, i);
            var (key, number) = (row.GetInt32(0), row.GetInt64(1));
            if (batch.Rows.KindOf(i).IsAdd())
            {
                Assert.True(state.TryAdd(key, number), $"snapshot {batch.SnapshotId} adds {row}, which is there as {state.GetValueOrDefault(key)}");
            }
            else
            {
                Assert.True(
                    state.Remove(key, out var known) && known == number,
                    $"snapshot {batch.SnapshotId} removes {row}, which is there as {known}");
            }
        }
    }

    private ChildProcess Start(string role, params string[] arguments) => ChildProcess.Start(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "PaimonSharp.WritingProcess.dll"), role, Table.Path, .. arguments],
        redirectInput: true);

    private async Task<List<string>> StatesAsync()
    {
        var states = new List<string>();
        foreach (var snapshot in await Table.SnapshotsAsync())
        {
            var rows = await ReadAsync(Table.NewScan().AsOfSnapshot(snapshot.Id));
            states.Add($"{snapshot.Id}: {string.Join(' ', rows)}");
        }

        return states;
    }
}
