namespace PaimonSharp.Storage.Tables;

/// <summary>What a <see cref="CompactJob"/> has done since its pass began.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Buckets">The buckets to look at.</param>
/// <param name="DoneBuckets">Those that were looked at.</param>
/// <param name="Files">The files that were merged into others, or moved up.</param>
/// <param name="Rows">The rows of the files that were rewritten.</param>
/// <param name="Bytes">The size of the files that were rewritten.</param>
/// <param name="Snapshots">The snapshots made.</param>
/// <param name="LostRaces">Compactions that were given up, as others had changed their files meanwhile, and were planned anew.</param>
/// <param name="Elapsed">The time since the pass began.</param>
public readonly record struct CompactProgress(
    string Table,
    int Buckets,
    int DoneBuckets,
    long Files,
    long Rows,
    long Bytes,
    int Snapshots,
    int LostRaces,
    TimeSpan Elapsed);
