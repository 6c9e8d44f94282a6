using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>
/// A whole job on a disk whose i-th operation fails, for i = 1, 2, 3 … until the job survives. After every failure the table
/// must hold the state of the last confirmed commit or of the one after it, and the job must be able to go on to its end.
/// <c>PAIMON_FAULT_POINTS</c> bounds how many of the operations are tried (default 150, spread evenly),
/// <c>PAIMON_FAULT_SEED</c> sets the first seed.
/// </summary>
internal static class FaultLoop
{
    private static readonly int MaxPoints = Setting("PAIMON_FAULT_POINTS", 150);

    public static int FirstSeed { get; } = Setting("PAIMON_FAULT_SEED", 1);

    public static async Task FailEverywhereAsync<TJob>(SimulatedFailure failure, Func<IFileIO, int, TJob> open)
        where TJob : IFaultJob
    {
        var whole = new SimulatedFileSystem(FirstSeed);
        await open(whole, FirstSeed).RunAsync();
        await open(whole, FirstSeed).CheckAsync(TJob.Commits);
        var stride = Math.Max(1, (whole.OperationCount + MaxPoints - 1) / MaxPoints);
        var failures = 0;
        for (var operation = 1 + (FirstSeed % stride); ; operation += stride)
        {
            var disk = new SimulatedFileSystem(FirstSeed + operation);
            disk.FailAt(operation, failure);
            var hasThrown = await FailOnceAsync(disk, failure, open);
            if (!disk.HasFailed)
            {
                break;
            }

            failures += hasThrown ? 1 : 0;
        }

        Assert.True(failures > 0, "No operation failed: the scenario tests nothing.");
    }

    /// <summary>Runs into the failure, looks at what is left, and goes on to the end; true when the job threw.</summary>
    private static async Task<bool> FailOnceAsync<TJob>(
        SimulatedFileSystem disk, SimulatedFailure failure, Func<IFileIO, int, TJob> open)
        where TJob : IFaultJob
    {
        var job = open(disk, disk.Seed);
        var hasThrown = false;
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
                hasThrown = true;
            }

            // What the job did not reach must not hit the checks.
            if (!disk.HasFailed)
            {
                disk.FailAt(int.MaxValue, failure);
            }

            left = failure == SimulatedFailure.Forever ? disk.CrashClone(disk.Seed) : disk;
            var committed = await open(left, disk.Seed + 1).CommittedAsync();
            Assert.InRange(committed, job.Acknowledged, Math.Min(job.Acknowledged + 1, TJob.Commits));
            await open(left, disk.Seed + 1).CheckAsync(committed);

            await open(left, disk.Seed + 2).RunAsync();
            await open(left, disk.Seed + 3).CheckAsync(TJob.Commits);
        }
        catch (Exception e)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{failure}, acknowledged {job.Acknowledged}: {e.Message}\n{disk.History}\nAfterwards:\n{left.History}");
            throw;
        }

        return hasThrown;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
