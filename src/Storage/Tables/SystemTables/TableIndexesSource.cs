using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>table_indexes</c>: the index files of the snapshot that is read: hash indexes and deletion vectors.</summary>
internal sealed class TableIndexesSource(Table table) : MetadataSource(
    table,
    ("partition", DataTypes.String),
    ("bucket", DataTypes.Int.NotNull()),
    ("index_type", Text),
    ("file_name", Text),
    ("file_size", Number),
    ("row_count", Number),
    ("dv_ranges", DataTypes.Array(DataTypes.Row(
        new DataField(0, "f0", Text),
        new DataField(1, "f1", DataTypes.Int.NotNull()),
        new DataField(2, "f2", DataTypes.Int.NotNull()),
        new DataField(3, "_CARDINALITY", DataTypes.BigInt)))))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        if (await SystemState.SnapshotAsync(Table, cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return;
        }

        var zone = Table.Environment.TimeProvider.LocalTimeZone;
        foreach (var entry in await Store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(
                SystemText.Row(Table.Schema.PartitionType, entry.Partition, zone),
                entry.Bucket,
                entry.IndexType,
                entry.FileName,
                entry.FileSizeBytes,
                entry.RowCount,
                entry.DeletionVectors?.Select(range => new object?[]
                {
                    range.DataFileName, range.Offset, range.Length, range.Cardinality,
                }).ToArray());
        }
    }
}
