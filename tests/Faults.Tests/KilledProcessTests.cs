using PaimonSharp.Storage.Tables;
using PaimonSharp.WritingProcess;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A process that writes and one that compacts the same table are killed (<c>kill -9</c>), again and again, at any moment.
/// <c>PAIMON_KILLS</c> sets how often.
/// </summary>
public sealed class KilledProcessTests
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("PAIMON_KILLS"), out var kills) ? kills : 2;
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("write-only=false")]
    [InlineData("merge-engine=aggregation")]
    [InlineData("deletion-vectors.enabled=true changelog-producer=lookup")]
    public async Task What_was_committed_is_there_after_every_kill_and_the_next_process_goes_on(string options)
    {
        using var kit = await ProcessTable.CreateAsync(options + " snapshot.num-retained.max=1000 snapshot.num-retained.min=1000");
        var table = kit.Table;
        var random = new Random(options.Length);
        var committed = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            var told = await KillAsync(kit, kill, committed, TimeSpan.FromMilliseconds(random.Next(400)));
            var before = committed;
            committed = (await table.LatestSnapshotOfUserAsync(ProcessRows.User(0)))?.CommitIdentifier ?? 0;
            Assert.InRange(committed, Math.Max(before, told), Math.Max(before, told) + 1);

            // With deletion vectors, rows that no compaction has reached are not read.
            await table.NewCompactor().RunAsync();
            await kit.CheckRowsAsync(committed);
        }

        await using (var last = kit.StartWriter(0, TimeSpan.Zero))
        {
            Assert.Equal(0, (await last.WaitAsync(Start)).ExitCode);
        }

        await table.NewCompactor(new CompactJobOptions { IsFull = true }).RunAsync();
        await kit.CheckRowsAsync(committed + 1);
        if (options.Contains("lookup", StringComparison.Ordinal))
        {
            var end = (await table.LatestSnapshotAsync())!.Id;
            using var stop = new CancellationTokenSource(Start);
            Assert.Equal(await ProcessTable.ReadAsync(table.NewScan()), await kit.FollowAsync(() => end, stop.Token));
        }

        await kit.CheckFilesAsync();
    }

    /// <summary>Lets processes commit, kills them some time later, and gives the last commit that was told of.</summary>
    private static async Task<long> KillAsync(ProcessTable kit, int kill, long committed, TimeSpan later)
    {
        await using var writer = kit.StartWriter(0, Start);
        await using var compactor = kit.StartCompactor(isFull: kill % 2 == 0);
        var told = TimeProvider.System.GetTimestamp();
        while (ProcessTable.CommitsOf(writer) <= committed)
        {
            Assert.False(writer.HasExited, $"the writer ended:\n{writer.Error}");
            Assert.False(compactor.HasExited, $"the compactor ended:\n{compactor.Error}");
            Assert.True(TimeProvider.System.GetElapsedTime(told) < Start, "the writer does not commit");
            await Task.Delay(5);
        }

        await Task.Delay(later);
        Assert.False(writer.HasExited, $"the writer ended:\n{writer.Error}");
        Assert.False(compactor.HasExited, $"the compactor ended:\n{compactor.Error}");
        if (kill % 3 == 0)
        {
            compactor.Kill();
        }

        await writer.KillAsync();
        await compactor.KillAsync();
        return ProcessTable.CommitsOf(writer);
    }
}
