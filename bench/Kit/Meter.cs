using System.Diagnostics;

namespace PaimonSharp.Bench.Kit;

/// <summary>Adds up the time and the processor time of the measured parts of a run, those of all threads of the process.</summary>
internal sealed class Meter
{
    private readonly Stopwatch _watch = new();
    private TimeSpan _processorTime;
    private TimeSpan _startedAt;

    /// <summary>A measured part begins.</summary>
    public void Start()
    {
        _startedAt = Environment.CpuUsage.TotalTime;
        _watch.Start();
    }

    /// <summary>A measured part ends.</summary>
    public void Stop()
    {
        _watch.Stop();
        _processorTime += Environment.CpuUsage.TotalTime - _startedAt;
    }

    /// <summary>What was measured, with the peak memory of this process until now.</summary>
    /// <param name="rows">The rows handled.</param>
    public Sample ToSample(long rows) =>
        new(_watch.Elapsed.TotalSeconds, rows, Harness.PeakBytes(), _processorTime.TotalSeconds);
}
