namespace PaimonSharp.Storage.Tables;

/// <summary>What a <see cref="CompactJob"/> does. Immutable.</summary>
public sealed record CompactJobOptions
{
    /// <summary>Who commits; a random name by default.</summary>
    public string? CommitUser { get; init; }

    /// <summary>
    /// True to merge all runs of every bucket, false to merge those that the table's options ask to be merged, as its writers would;
    /// with <c>changelog-producer</c> = <c>full-compaction</c>, whose changelog comes by nothing else, all runs in either case.
    /// </summary>
    public bool IsFull { get; init; }

    /// <summary>
    /// Values of some partition columns, as texts by name, for each choice of partitions; none for all. <c>partition.default-name</c>
    /// stands for NULL.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Partitions { get; init; } = [];

    /// <summary>
    /// How often a bucket is planned anew when others changed the files that were being merged. After that it is left to the next
    /// pass; nothing is lost by it.
    /// </summary>
    public int Attempts { get; init; } = 10;

    /// <summary>Told after every commit what the job has done, on the thread that did it.</summary>
    public IProgress<CompactProgress>? Progress { get; init; }
}
