using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Changes of one bucket in one snapshot. A snapshot may give several batches; the changes of one key keep their order. The rows
/// belong to the stream and are valid until the next batch is asked for.
/// </summary>
/// <param name="SnapshotId">The snapshot that made the changes.</param>
/// <param name="Rows">The changed rows, each with its kind.</param>
public readonly record struct ChangelogBatch(long SnapshotId, ColumnBatch Rows)
{
    /// <summary>The partition as its folder is named, such as <c>dt=2024-01-31</c>; empty where there is none.</summary>
    public string Partition { get; init; } = "";

    /// <summary>The bucket's number.</summary>
    public int Bucket { get; init; }
}
