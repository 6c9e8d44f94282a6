using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>buckets</c>: the buckets that hold files.</summary>
internal sealed class BucketsSource(Table table) : MetadataSource(
    table,
    ("partition", DataTypes.String),
    ("bucket", DataTypes.Int.NotNull()),
    ("record_count", Number),
    ("file_size_in_bytes", Number),
    ("file_count", Number),
    ("last_update_time", Time))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        var type = Table.Schema.PartitionType;
        var zone = Table.Environment.TimeProvider.LocalTimeZone;
        var entries = await SystemState.FilesAsync(Table, cancellationToken).ConfigureAwait(false);
        var buckets = entries.GroupBy(entry => (Partition: SystemText.Row(type, entry.Partition, zone), entry.Bucket));
        foreach (var bucket in buckets.OrderBy(bucket => bucket.Key.Partition, StringComparer.Ordinal)
            .ThenBy(bucket => bucket.Key.Bucket))
        {
            var files = SystemFiles.Of(bucket);
            rows.Add(bucket.Key.Partition, bucket.Key.Bucket, files.RecordCount, files.SizeBytes, files.Count, files.LastUpdate);
        }
    }
}
