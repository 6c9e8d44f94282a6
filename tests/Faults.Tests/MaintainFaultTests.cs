using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Writes, compactions, expiry, tags, an added column and cleaning through the table API, on a failing disk.</summary>
public sealed class MaintainFaultTests
{
    [Fact]
    public async Task Without_a_failure_the_table_stays_small()
    {
        var disk = new SimulatedFileSystem(FaultLoop.FirstSeed);
        var job = new MaintainJob(disk, FaultLoop.FirstSeed);
        await job.RunAsync();
        await job.CheckAsync(MaintainJob.Commits);
        Assert.InRange((await disk.ListAsync("/warehouse/shop.db/orders/snapshot")).Count, 3, 5);
    }

    [Fact]
    public Task A_crash_at_any_operation_leaves_a_table_that_goes_on_and_cleans_up() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Forever, static (files, seed) => new MaintainJob(files, seed));

    [Fact]
    public Task A_single_failed_operation_leaves_a_table_that_goes_on_and_cleans_up() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Once, static (files, seed) => new MaintainJob(files, seed));
}
