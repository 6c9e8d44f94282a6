using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>A disk that becomes full at any moment of writing and committing.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public Task A_full_disk_is_said_so_and_with_room_again_the_job_goes_on() =>
        FillAsync(60_000, 1_500, static (disk, seed) => new IngestJob(disk, seed));

    [Fact]
    public Task A_table_that_is_kept_small_goes_on_too_and_is_cleaned_up() =>
        FillAsync(80_000, 4_000, static (disk, seed) => new MaintainJob(disk, seed));

    [Theory]
    [InlineData("bucket=1 changelog-producer=lookup")]
    [InlineData("bucket=1 deletion-vectors.enabled=true changelog-producer=lookup")]
    [InlineData("bucket=-1 dynamic-bucket.target-row-num=4")]
    public Task Compactions_that_nobody_waits_for_find_a_full_disk_too(string options) =>
        FillAsync(90_000, 3_000, (disk, seed) => new BackgroundJob(disk, seed, options));

    private static async Task FillAsync<TJob>(int endBytes, int stepBytes, Func<SimulatedFileSystem, int, TJob> open)
        where TJob : IFaultJob
    {
        var failures = 0;
        for (var spaceBytes = 0; spaceBytes < endBytes; spaceBytes += stepBytes)
        {
            var disk = new SimulatedFileSystem(spaceBytes + FaultLoop.FirstSeed) { SpaceBytes = spaceBytes };
            var job = open(disk, disk.Seed);
            try
            {
                await job.RunAsync();
            }
            catch (PaimonException e)
            {
                Assert.Equal(ErrorKind.Unavailable, e.Kind);
                failures++;
            }

            disk.SpaceBytes = long.MaxValue;
            var committed = await open(disk, disk.Seed + 1).CommittedAsync();
            Assert.InRange(committed, job.Acknowledged, Math.Min(job.Acknowledged + 1, TJob.Commits));
            await open(disk, disk.Seed + 1).CheckAsync(committed);
            await open(disk, disk.Seed + 2).RunAsync();
            await open(disk, disk.Seed + 3).CheckAsync(TJob.Commits);
        }

        Assert.True(failures > 5, $"the disk was full {failures} times only: the scenario tests nothing.");
    }
}
