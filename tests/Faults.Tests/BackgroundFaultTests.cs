using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>Compactions that nobody waits for, lookups, and buckets chosen by key, on a failing disk.</summary>
public sealed class BackgroundFaultTests
{
    public static TheoryData<string, SimulatedFailure> Cases => new MatrixTheoryData<string, SimulatedFailure>(
        [
            "bucket=1 changelog-producer=lookup",
            "bucket=1 deletion-vectors.enabled=true deletion-vectors.bitmap64=true",
            "bucket=1 deletion-vectors.enabled=true changelog-producer=lookup",
            "bucket=-1 dynamic-bucket.target-row-num=4",
            "bucket=-1 dynamic-bucket.target-row-num=4 partitioned",
        ],
        [SimulatedFailure.Once, SimulatedFailure.Forever]);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_failure_at_any_operation_loses_no_row_and_tells_no_wrong_change(string options, SimulatedFailure failure) =>
        FaultLoop.FailEverywhereAsync(failure, (files, seed) => new BackgroundJob(files, seed, options));
}
