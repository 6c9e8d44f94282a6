namespace PaimonSharp.Bench.Compaction;

/// <summary>How far a run was at one commit.</summary>
/// <param name="Rows">Rows that were in.</param>
/// <param name="Seconds">The time they took.</param>
/// <param name="WrittenBytes">Bytes of data files written by flushes and compactions.</param>
/// <param name="FlushedBytes">Those of flushes alone.</param>
/// <param name="LiveBytes">Bytes of the files that the table needs.</param>
/// <param name="Keys">The keys that were in.</param>
/// <param name="Runs">Sorted runs: what a reader merges.</param>
internal readonly record struct CurvePoint(
    long Rows, double Seconds, long WrittenBytes, long FlushedBytes, long LiveBytes, long Keys, int Runs);
