using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>The commit protocol by itself, on a failing disk.</summary>
public sealed class CommitFaultTests
{
    [Fact]
    public Task A_crash_at_any_operation_loses_no_confirmed_commit_and_tears_none() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Forever, static (files, seed) => new CommitJob(files, seed));

    [Fact]
    public Task A_single_failed_operation_leaves_metadata_to_go_on_with() =>
        FaultLoop.FailEverywhereAsync(SimulatedFailure.Once, static (files, seed) => new CommitJob(files, seed));
}
