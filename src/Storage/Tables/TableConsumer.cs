namespace PaimonSharp.Storage.Tables;

/// <summary>A named reader's progress, which keeps the snapshots that it still needs (docs/format.md#consumer).</summary>
/// <param name="Id">Its name.</param>
/// <param name="NextSnapshotId">The snapshot it reads next.</param>
public readonly record struct TableConsumer(string Id, long NextSnapshotId);
