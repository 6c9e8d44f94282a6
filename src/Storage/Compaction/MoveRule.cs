namespace PaimonSharp.Storage.Compaction;

/// <summary>What becomes of a row whose key is in another partition (docs/format.md#bucket-modes).</summary>
internal enum MoveRule
{
    /// <summary>The old partition gets a -D of the key, with the new row's values, and the row goes to its own: deduplicate.</summary>
    MoveRow,

    /// <summary>The row goes to the old partition: partial-update and aggregation.</summary>
    KeepPartition,

    /// <summary>The row is dropped: first-row.</summary>
    DropRow,
}
