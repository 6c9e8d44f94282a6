using System.Globalization;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;
using PaimonSharp.Testing.Processes;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// Several processes of the operating system that write one table on one disk, compacting and expiring beside each other.
/// <c>PAIMON_PROCESSES</c> and <c>PAIMON_PROCESS_COMMITS</c> set how many they are and how often each commits.
/// </summary>
public sealed class ManyProcessesTests
{
    private const int KeysEach = 100_000;

    private static readonly int Processes = Setting("PAIMON_PROCESSES", 4);
    private static readonly int Commits = Setting("PAIMON_PROCESS_COMMITS", 12);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task No_commit_of_any_process_is_lost(string writeOnly)
    {
        using var folder = new TempDirectory();
        var catalog = await Catalog.OpenAsync(folder.Path);
        var table = await catalog.CreateTableAsync(
            new Identifier("shop", "orders"),
            new TableDefinition().Column("k", DataTypes.Int).Column("v", DataTypes.String).Column("n", DataTypes.BigInt)
                .PrimaryKey("k").Option("sequence.field", "n")
                .Option("write-only", writeOnly)
                .Option("num-sorted-run.compaction-trigger", "3")
                .Option("commit.max-retries", "100")
                .Option("snapshot.num-retained.min", "20")
                .Option("snapshot.num-retained.max", "30"));
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(number => WriteAsync(table.Path, number)));

        var expected = Enumerable.Range(0, Processes)
            .SelectMany(number => Enumerable.Range(0, Commits).Select(i => FirstKey(number) + i)).Prepend(0);
        var rows = new Dictionary<int, string>();
        await foreach (var row in table.NewScan().ReadRowsAsync())
        {
            rows.Add(row.GetInt32(0), row.GetString(1));
        }

        Assert.Equal(expected, rows.Keys.Order());
        Assert.Equal($"{User(Processes - 1)} {Commits - 1}", rows[0]);
        for (var number = 0; number < Processes; number++)
        {
            var last = await table.LatestSnapshotOfUserAsync(User(number));
            Assert.True(last is null || last.CommitIdentifier == Commits);
        }

        var snapshots = await table.SnapshotsAsync();
        Assert.InRange(snapshots[^1].Id, Processes * Commits, Processes * Commits * 2);
        Assert.Equal(
            Enumerable.Range(0, snapshots.Count).Select(i => snapshots[0].Id + i), snapshots.Select(snapshot => snapshot.Id));
        Assert.Equal(writeOnly == "true", snapshots.Count == snapshots[^1].Id);
        Assert.All(
            snapshots.Where(snapshot => snapshot.CommitKind == "APPEND")
                .GroupBy(snapshot => (snapshot.CommitUser, snapshot.CommitIdentifier)),
            commit => Assert.Single(commit));
        await PaimonCheck.AssertValidAsync(table.Path);
    }

    private static int FirstKey(int number) => ((number + 1) * KeysEach) + 1;

    private static string User(int number) => $"writer-{number}";

    private static async Task WriteAsync(string table, int number)
    {
        var result = await Command.RunAsync(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "PaimonSharp.WritingProcess.dll"),
                table,
                User(number),
                FirstKey(number).ToString(CultureInfo.InvariantCulture),
                Commits.ToString(CultureInfo.InvariantCulture),
            ],
            Timeout);
        Assert.True(result.ExitCode == 0, $"{User(number)} ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
