using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Writes, commits and compactions of a table without a primary key, on a failing disk.</summary>
public sealed class AppendFaultTests
{
    [Fact]
    public async Task Without_a_failure_every_row_is_there_and_files_were_compacted()
    {
        var job = new AppendJob(new SimulatedFileSystem(FaultLoop.FirstSeed), FaultLoop.FirstSeed);
        await job.RunAsync();
        await job.CheckAsync(AppendJob.Commits);
        Assert.Contains(await job.SnapshotsAsync(), static snapshot => snapshot.CommitKind == "COMPACT");
    }

    [Fact]
    public Task A_crash_at_any_operation_loses_no_confirmed_row_and_doubles_none() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Forever, static (files, seed) => new AppendJob(files, seed));

    [Fact]
    public Task A_single_failed_operation_leaves_a_table_to_go_on_with() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Once, static (files, seed) => new AppendJob(files, seed));
}
