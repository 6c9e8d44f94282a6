using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Faults.Tests;

/// <summary>A disk that becomes full at any moment of writing and committing.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_is_said_so_and_with_room_again_the_job_goes_on()
    {
        var failures = 0;
        for (var spaceBytes = 0; spaceBytes < 60_000; spaceBytes += 1_500)
        {
            var disk = new SimulatedFileSystem(spaceBytes + FaultLoop.FirstSeed) { SpaceBytes = spaceBytes };
            var job = new IngestJob(disk, disk.Seed);
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
            var committed = await new IngestJob(disk, disk.Seed + 1).CommittedAsync();
            Assert.InRange(committed, job.Acknowledged, Math.Min(job.Acknowledged + 1, IngestJob.Commits));
            await new IngestJob(disk, disk.Seed + 1).CheckAsync(committed);
            await new IngestJob(disk, disk.Seed + 2).RunAsync();
            await new IngestJob(disk, disk.Seed + 3).CheckAsync(IngestJob.Commits);
        }

        Assert.True(failures > 5, $"the disk was full {failures} times only: the scenario tests nothing.");
    }
}
