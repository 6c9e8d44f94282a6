namespace PaimonSharp.Cdc.Sync;

/// <summary>How far a sync is; made about once a second and at every change of phase.</summary>
public sealed record SyncStatus
{
    /// <summary>What the sync is doing.</summary>
    public required SyncPhase Phase { get; init; }

    /// <summary>The table being read in the snapshot, else empty.</summary>
    public string Table { get; init; } = "";

    /// <summary>Rows of the table read in the snapshot, else row changes since the start of the phase.</summary>
    public long Rows { get; init; }

    /// <summary><see cref="Rows"/> per second since the status before.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>Transactions since the start of the phase.</summary>
    public long Transactions { get; init; }

    /// <summary>Commits to tables since the source was connected to last.</summary>
    public long Commits { get; init; }

    /// <summary>
    /// The age of the newest transaction read, by the server's clock of whole seconds; zero when the server had nothing more
    /// to send, null outside of the binlog and before its first transaction.
    /// </summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The position between transactions that has been read; empty while none is known.</summary>
    public string Position { get; init; } = "";
}
