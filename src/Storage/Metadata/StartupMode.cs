namespace PaimonSharp.Storage.Metadata;

/// <summary>Where a read begins: option <c>scan.mode</c>, with Paimon's names.</summary>
internal enum StartupMode
{
    /// <summary>What the other <c>scan.*</c> options say, else <see cref="LatestFull"/>.</summary>
    Default,

    /// <summary>The newest state; a stream follows it.</summary>
    LatestFull,

    /// <summary>The old name of <see cref="LatestFull"/>.</summary>
    Full,

    /// <summary>For a stream what comes after the newest snapshot; for a batch the newest state.</summary>
    Latest,

    /// <summary>The state of the newest compaction.</summary>
    CompactedFull,

    /// <summary>A time: for a batch the state at it, for a stream the changes from it on.</summary>
    FromTimestamp,

    /// <summary>The first snapshot at a time or after it, else the files made since.</summary>
    FromCreationTimestamp,

    /// <summary>The files of the newest state that were made at a time or after it.</summary>
    FromFileCreationTime,

    /// <summary>A snapshot, tag or watermark: for a batch its state, for a stream the changes from it on.</summary>
    FromSnapshot,

    /// <summary>The state of a snapshot; a stream follows it.</summary>
    FromSnapshotFull,

    /// <summary>What happened between two snapshots, tags or times; batches only.</summary>
    Incremental,
}
