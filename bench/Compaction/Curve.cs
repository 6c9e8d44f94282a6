namespace PaimonSharp.Bench.Compaction;

/// <summary>What came of a scenario.</summary>
/// <param name="Name">Whose figures they are.</param>
/// <param name="Points">How far the run was at some of its commits, the last one with them.</param>
/// <param name="CompactedBytes">The size after a full compaction in the end, which is what space is measured against.</param>
/// <param name="ProcessorSeconds">The processor time of all threads.</param>
internal sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points, long CompactedBytes, double ProcessorSeconds)
{
    private const int SpeedWindow = 8;
    private const int MaxPoints = 120;

    /// <summary>Whether a commit of a run becomes a point: the last one, and not more of them than a plot can show.</summary>
    /// <param name="commit">Its number, from 1 on.</param>
    /// <param name="rows">The rows that are in.</param>
    /// <param name="scenario">What is run.</param>
    public static bool IsPoint(int commit, long rows, Scenario scenario) =>
        rows == scenario.Rows || commit % (1 + (scenario.Rows / scenario.CommitRows / MaxPoints)) == 0;

    /// <summary>Rows a second over the whole run.</summary>
    public double RowsPerSecond => Points[^1].Rows / Points[^1].Seconds;

    /// <summary>Bytes written for each byte flushed, over the whole run.</summary>
    public double WriteAmplification => WriteAmplificationAt(Points.Count - 1);

    /// <summary>Bytes of live files for each byte of the rows fully compacted, the mean over the second half of the run.</summary>
    public double SpaceAmplification => Enumerable.Range(Points.Count / 2, Points.Count - (Points.Count / 2)).Average(SpaceAmplificationAt);

    /// <summary>Sorted runs that a reader merged, the mean over the second half of the run.</summary>
    public double ReadAmplification => Points.Skip(Points.Count / 2).Average(point => point.Runs);

    /// <summary>Bytes written until a point for each byte flushed.</summary>
    public double WriteAmplificationAt(int point) => (double)Points[point].WrittenBytes / Math.Max(1, Points[point].FlushedBytes);

    /// <summary>Live bytes at a point by those that its keys take when they are fully compacted.</summary>
    public double SpaceAmplificationAt(int point) =>
        Points[point].LiveBytes / (CompactedBytes * ((double)Points[point].Keys / Points[^1].Keys));

    /// <summary>Rows a second around a point.</summary>
    public double RowsPerSecondAt(int point)
    {
        var from = Math.Max(0, point - SpeedWindow);
        var (rows, seconds) = from == point ? (0L, 0.0) : (Points[from].Rows, Points[from].Seconds);
        return (Points[point].Rows - rows) / Math.Max(1e-9, Points[point].Seconds - seconds);
    }
}
