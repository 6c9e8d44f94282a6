namespace PaimonSharp.Cdc.Sync;

/// <summary>How far a sync is; made about once a second and at every change of phase.</summary>
public sealed record SyncStatus
{
    /// <summary>What the sync is doing.</summary>
    public required SyncPhase Phase { get; init; }

    /// <summary>The table being read in the snapshot, else empty.</summary>
    public string Table { get; init; } = "";

    /// <summary>Row changes since the start of the phase.</summary>
    public long Rows { get; init; }

    /// <summary>Row changes per second since the status before.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Transactions since the start of the phase.</summary>
    public long Transactions { get; init; }

    /// <summary>Commits to tables since the start.</summary>
    public long Commits { get; init; }

    /// <summary>The age of the newest transaction read, by the server's clock of whole seconds; null before the first.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The position between transactions that has been read.</summary>
    public string Position { get; init; } = "";
}
