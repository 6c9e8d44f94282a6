using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Creation, writes, commits, compactions and an added column through the table API, on a failing disk.</summary>
public sealed class IngestFaultTests
{
    [Fact]
    public async Task Without_a_failure_every_commit_is_there()
    {
        var disk = new SimulatedFileSystem(FaultLoop.FirstSeed);
        var job = new IngestJob(disk, FaultLoop.FirstSeed);
        await job.RunAsync();
        await job.CheckAsync(IngestJob.Commits);
        Assert.Contains(await job.SnapshotsAsync(), static s => s.CommitKind == "COMPACT");
    }

    [Fact]
    public Task A_crash_at_any_operation_loses_no_confirmed_commit_and_tears_none() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Forever, static (files, seed) => new IngestJob(files, seed));

    [Fact]
    public Task A_single_failed_operation_leaves_a_table_to_go_on_with() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Once, static (files, seed) => new IngestJob(files, seed));
}
