namespace PaimonSharp.Bench.Compaction;

/// <summary>A scenario's figures.</summary>
/// <param name="Ours">Those of this library.</param>
/// <param name="Peer">Those of the peer on the same rows, null where there is none. Scenarios of the same rows share it.</param>
internal sealed record GroupResult(Curve Ours, Curve? Peer);
