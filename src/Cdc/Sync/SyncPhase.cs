namespace PaimonSharp.Cdc.Sync;

/// <summary>What a sync is doing.</summary>
public enum SyncPhase
{
    /// <summary>Looking at the source and at the tables.</summary>
    Starting,

    /// <summary>Reading the rows that are there.</summary>
    Snapshot,

    /// <summary>Following the binlog.</summary>
    Streaming,

    /// <summary>Waiting to connect again.</summary>
    Reconnecting,
}
