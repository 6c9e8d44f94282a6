using System.Diagnostics;
using System.Globalization;

namespace PaimonSharp.Bench.Kit;

/// <summary>One way of doing a workload: ours or a peer's.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="RunAsync">Does the work once from the start and gives its measure.</param>
/// <param name="Floor">How many times its speed ours must at least be, 0 where nothing is asked.</param>
internal sealed record Contender(string Name, Func<Task<Sample>> RunAsync, double Floor = 0);

/// <summary>What one run gave.</summary>
/// <param name="Seconds">The time of the part that is measured.</param>
/// <param name="Rows">The rows it handled, 0 where rows are no measure.</param>
/// <param name="PeakBytes">The most memory that the process of the run had, 0 when not known.</param>
/// <param name="ProcessorSeconds">The processor time of all threads in that part, 0 when not known.</param>
/// <param name="SpaceBytes">The bytes of the files that it leaves, 0 where they are no measure.</param>
internal readonly record struct Sample(
    double Seconds, long Rows = 0, long PeakBytes = 0, double ProcessorSeconds = 0, long SpaceBytes = 0);

/// <summary>
/// Runs contenders in turns, so that a slow minute of the machine meets all of them, and compares medians. The first one is
/// ours; the ratio of another is its time by ours, above 1 where we are faster.
/// </summary>
internal static class Harness
{
    /// <summary>Measures; the report has one line a contender.</summary>
    public static async Task<Report> MeasureAsync(string workload, int runs, IReadOnlyList<Contender> contenders)
    {
        var samples = contenders.Select(_ => new List<Sample>()).ToArray();
        for (var run = 0; run < runs; run++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                samples[i].Add(await contenders[i].RunAsync());
            }
        }

        var medians = samples.Select(Median).ToArray();
        return new Report(
            workload,
            runs,
            [
                .. contenders.Select((contender, i) => new ReportLine(
                    contender.Name,
                    medians[i].Seconds,
                    samples[i].Min(sample => sample.Seconds),
                    samples[i].Max(sample => sample.Seconds),
                    medians[i].Rows,
                    samples[i].Max(sample => sample.PeakBytes),
                    samples[i].Select(sample => sample.ProcessorSeconds).Order().ElementAt(runs / 2),
                    medians[i].Seconds / medians[0].Seconds,
                    contender.Floor) { SpaceBytes = medians[i].SpaceBytes }),
            ]);
    }

    /// <summary>The most memory that this process has had resident (VmHWM), 0 where the system does not say.</summary>
    public static long PeakBytes() => PeakBytes("self");

    /// <summary>Runs a program to its end and gives the time to its first output; the output itself is thrown away.</summary>
    public static async Task<Sample> StartAsync(string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.BaseStream;
        var buffer = new byte[4096];
        var first = await output.ReadAsync(buffer);
        var seconds = watch.Elapsed.TotalSeconds;
        var peak = PeakBytes(process.Id.ToString(CultureInfo.InvariantCulture));
        while (await output.ReadAsync(buffer) > 0)
        {
        }

        await process.WaitForExitAsync();
        return first > 0 && process.ExitCode == 0
            ? new Sample(seconds, PeakBytes: peak)
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}, {first} bytes of output at first.");
    }

    private static Sample Median(List<Sample> samples) =>
        samples.OrderBy(sample => sample.Seconds).ElementAt(samples.Count / 2);

    private static long PeakBytes(string process)
    {
        const string Key = "VmHWM:";
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line[Key.Length..^2], NumberStyles.Number, CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
