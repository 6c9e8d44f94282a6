using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A whole job on a disk whose i-th operation fails, for i = 1, 2, 3 … until the job survives. After every failure the table
/// must hold the state of the last confirmed commit or of the one after it, and the job must be able to go on to its end.
/// <c>PAIMON_FAULT_POINTS</c> bounds how many of the operations are tried (default 80, spread evenly),
/// <c>PAIMON_FAULT_SEED</c> sets the first seed.
/// </summary>
public sealed class IngestFaultTests
{
    private static readonly int MaxPoints = Setting("PAIMON_FAULT_POINTS", 80);
    private static readonly int FirstSeed = Setting("PAIMON_FAULT_SEED", 1);

    [Fact(Explicit = true)]
    public async Task Without_a_failure_every_commit_is_there()
    {
        var disk = new SimulatedFileSystem(FirstSeed);
        await new IngestJob(disk, FirstSeed).RunAsync();
        await CheckAsync(disk, IngestJob.Commits);
        var snapshots = await new IngestJob(disk, FirstSeed).SnapshotsAsync();
        Assert.Contains(snapshots, static s => s.CommitKind == "COMPACT");
        await CheckAsync(disk.CrashClone(FirstSeed), IngestJob.Commits);
    }

    [Fact(Explicit = true)]
    public Task A_crash_at_any_operation_loses_no_confirmed_commit_and_tears_none() =>
        FailEverywhereAsync(SimulatedFailure.Forever);

    [Fact(Explicit = true)]
    public Task A_single_failed_operation_leaves_a_table_to_go_on_with() => FailEverywhereAsync(SimulatedFailure.Once);

    private static async Task FailEverywhereAsync(SimulatedFailure failure)
    {
        var whole = new SimulatedFileSystem(FirstSeed);
        await new IngestJob(whole, FirstSeed).RunAsync();
        var stride = Math.Max(1, (whole.OperationCount + MaxPoints - 1) / MaxPoints);
        var failures = 0;
        for (var operation = 1 + (FirstSeed % stride); ; operation += stride)
        {
            var disk = new SimulatedFileSystem(FirstSeed + operation);
            disk.FailAt(operation, failure);
            var hasFailed = await FailOnceAsync(disk, failure);
            if (!disk.HasFailed)
            {
                break;
            }

            failures += hasFailed ? 1 : 0;
        }

        Assert.True(failures > 0, "No operation failed: the scenario tests nothing.");
    }

    /// <summary>Runs into the failure, looks at what is left, and goes on to the end.</summary>
    private static async Task<bool> FailOnceAsync(SimulatedFileSystem disk, SimulatedFailure failure)
    {
        var job = new IngestJob(disk, disk.Seed);
        var hasFailed = false;
        var left = disk;
        try
        {
            try
            {
                await job.RunAsync();
            }
            catch (PaimonException e) when (disk.HasFailed)
            {
                Assert.Equal(ErrorKind.Unavailable, e.Kind);
                hasFailed = true;
            }

            left = failure == SimulatedFailure.Forever ? disk.CrashClone(disk.Seed) : disk;
            var committed = await new IngestJob(left, disk.Seed + 1).CommittedAsync();
            Assert.InRange(committed, job.Acknowledged, Math.Min(job.Acknowledged + 1, IngestJob.Commits));
            await CheckAsync(left, committed);

            await new IngestJob(left, disk.Seed + 2).RunAsync();
            await CheckAsync(left, IngestJob.Commits);
        }
        catch (Exception e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{failure}, acknowledged {job.Acknowledged}: {e.Message}\n{disk.History}\nAfterwards:\n{left.History}");
            throw;
        }

        return hasFailed;
    }

    /// <summary>Every snapshot, and the newest state, hold exactly what the model holds after their commit.</summary>
    private static async Task CheckAsync(SimulatedFileSystem disk, long committed)
    {
        var reader = new IngestJob(disk, disk.Seed + 3);
        Assert.Equal(IngestJob.StateAfter(committed), await reader.ReadAsync());
        var expectedId = 1L;
        var lastCommit = 0L;
        foreach (var snapshot in await reader.SnapshotsAsync())
        {
            Assert.Equal(expectedId++, snapshot.Id);
            Assert.InRange(snapshot.CommitIdentifier, lastCommit, committed);
            Assert.Equal(IngestJob.StateAfter(snapshot.CommitIdentifier), await reader.ReadAsync(snapshot.Id));
            lastCommit = snapshot.CommitIdentifier;
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
