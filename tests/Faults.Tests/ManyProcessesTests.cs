using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// Several processes of the operating system that write one table on one disk while two others compact it. <c>PAIMON_PROCESSES</c>
/// and <c>PAIMON_PROCESS_SECONDS</c> set how many write and for how long.
/// </summary>
public sealed class ManyProcessesTests
{
    private static readonly int Processes = Setting("PAIMON_PROCESSES", 8);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Setting("PAIMON_PROCESS_SECONDS", 9));
    private static readonly TimeSpan Timeout = Time + TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("write-only=false")]
    [InlineData("write-only=true")]
    [InlineData("merge-engine=aggregation")]
    [InlineData("changelog-producer=lookup")]
    [InlineData("merge-engine=aggregation changelog-producer=lookup")]
    [InlineData("deletion-vectors.enabled=true")]
    [InlineData("deletion-vectors.enabled=true changelog-producer=lookup write-only=true")]
    public async Task No_commit_is_lost_or_done_twice_and_no_writer_fails(string options)
    {
        using var kit = await ProcessTable.CreateAsync(options);
        var table = kit.Table;
        long? end = null;
        using var stop = new CancellationTokenSource();
        var following = options.Contains("lookup", StringComparison.Ordinal)
            ? Task.Run(() => kit.FollowAsync(() => end, stop.Token))
            : null;
        var commits = await RunAsync(kit);

        // What is at level 0 is in no changelog of lookups yet, and with deletion vectors not read.
        await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        await kit.CheckRowsAsync(commits);
        var snapshots = await table.SnapshotsAsync();
        end = snapshots[^1].Id;
        Assert.InRange(end.Value, commits.Sum(), long.MaxValue);
        Assert.Equal(Enumerable.Range(0, snapshots.Count).Select(i => snapshots[0].Id + i), snapshots.Select(snapshot => snapshot.Id));
        Assert.All(
            snapshots.Where(snapshot => snapshot.CommitKind == "APPEND")
                .GroupBy(snapshot => (snapshot.CommitUser, snapshot.CommitIdentifier)),
            commit => Assert.Single(commit));
        if (following is not null)
        {
            stop.CancelAfter(Timeout);
            Assert.Equal(await ProcessTable.ReadAsync(table.NewScan()), await following);
        }

        await kit.CheckFilesAsync();
    }

    private static async Task<IReadOnlyList<long>> RunAsync(ProcessTable kit)
    {
        await using var full = kit.StartCompactor(isFull: true);
        await using var due = kit.StartCompactor(isFull: false);
        var writers = Enumerable.Range(0, Processes).Select(number => kit.StartWriter(number, Time)).ToList();
        try
        {
            foreach (var writer in writers)
            {
                await EndAsync(writer);
            }

            foreach (var compactor in (ChildProcess[])[full, due])
            {
                compactor.Input.Close();
                await EndAsync(compactor);
            }

            var commits = writers.Select(ProcessTable.CommitsOf).ToList();
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"commits {string.Join(' ', commits)}; compacted in full:\n{full.Output}as due:\n{due.Output}");
            return commits;
        }
        finally
        {
            foreach (var writer in writers)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private static async Task EndAsync(ChildProcess process)
    {
        var result = await process.WaitAsync(Timeout);
        Assert.True(result.ExitCode == 0, $"a process ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
