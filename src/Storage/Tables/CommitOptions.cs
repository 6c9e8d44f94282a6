namespace PaimonSharp.Storage.Tables;

/// <summary>What a commit carries besides rows.</summary>
public sealed record CommitOptions
{
    /// <summary>
    /// The commit's number, increasing within a commit user; null takes the user's last one plus one. A number that is not
    /// above the user's last one is refused: what it stands for has been committed, or was given up.
    /// </summary>
    public long? Identifier { get; init; }

    /// <summary>Kept in the snapshots of the commit: the source's position, for instance.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The event time up to which rows are complete, in milliseconds since 1970; null leaves it as it was, and it never falls.</summary>
    public long? Watermark { get; init; }

    /// <summary>True to make a snapshot even when no row was written.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>
    /// True to compact all buckets in full with a commit whose number is a multiple of option
    /// <c>full-compaction.delta-commits</c>, which is 1 with changelog producer full-compaction: what a job does that writes
    /// without end, as Paimon's own sink. A writer with option <c>write-only</c> does not.
    /// </summary>
    public bool FollowsDeltaCommits { get; init; }

    /// <summary>
    /// True to wait for the compactions that the commit gives reason to, so that they are part of it; false to leave them to the
    /// background, and to a later commit. By default what the table's options say: they wait where compactions make the changelog or
    /// make rows visible (<c>lookup-wait</c>), and with <c>commit.force-compact</c>. A commit waits in any case for a compaction of a
    /// bucket that has many more sorted runs than <c>num-sorted-run.stop-trigger</c>.
    /// </summary>
    public bool? WaitForCompaction { get; init; }

    /// <summary>
    /// True to fail when another writer's compaction came before one of this commit; by default such a compaction is given up
    /// silently, as the rows are the same without it.
    /// </summary>
    public bool RequireCompaction { get; init; }
}
