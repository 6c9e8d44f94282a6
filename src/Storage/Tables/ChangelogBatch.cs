using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Changes of one bucket in one snapshot. A snapshot may give several batches; the changes of one key keep their order. The rows
/// belong to the stream and are valid until the next batch is asked for.
/// </summary>
/// <param name="SnapshotId">The snapshot that made the changes.</param>
/// <param name="Rows">The changed rows, each with its kind.</param>
/// <param name="Partition">The partition as its folder is named, such as <c>dt=2024-01-31</c>; empty where there is none.</param>
/// <param name="Bucket">The bucket's number.</param>
public readonly record struct ChangelogBatch(long SnapshotId, ColumnBatch Rows, string Partition, int Bucket);
