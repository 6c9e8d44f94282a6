using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Changelogs and deletion vectors of compactions on a failing disk.</summary>
public sealed class ChangelogFaultTests
{
    [Theory]
    [InlineData("lookup", false, SimulatedFailure.Forever)]
    [InlineData("lookup", false, SimulatedFailure.Once)]
    [InlineData("none", true, SimulatedFailure.Forever)]
    [InlineData("lookup", true, SimulatedFailure.Once)]
    public Task A_failure_at_any_operation_leaves_changes_and_deletions_that_belong_to_the_rows(
        string producer, bool hasVectors, SimulatedFailure failure) =>
        FaultLoop.FailEverywhereAsync(failure, (files, seed) => new ChangelogJob(files, seed, producer, hasVectors));
}
