namespace PaimonSharp.Cdc.Sync;

/// <summary>What a sync came to.</summary>
public sealed record SyncResult
{
    /// <summary>Rows read by snapshots.</summary>
    public long SnapshotRows { get; init; }

    /// <summary>Row changes read from the binlog; an update counts once.</summary>
    public long ChangedRows { get; init; }

    /// <summary>Transactions read from the binlog.</summary>
    public long Transactions { get; init; }

    /// <summary>Commits to tables.</summary>
    public long Commits { get; init; }

    /// <summary>The time spent on the binlog.</summary>
    public TimeSpan StreamingTime { get; init; }

    /// <summary>The position reached.</summary>
    public string Position { get; init; } = "";

    /// <summary>The tables that are followed no further, with the reason.</summary>
    public IReadOnlyDictionary<string, string> StoppedTables { get; init; } = new Dictionary<string, string>();
}
