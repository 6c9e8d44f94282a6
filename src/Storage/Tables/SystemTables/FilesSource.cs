using System.Globalization;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>files</c>: the live data files of the snapshot that is read, with their key ranges and statistics as texts.</summary>
internal sealed class FilesSource(Table table) : MetadataSource(
    table,
    ("partition", DataTypes.String),
    ("bucket", DataTypes.Int.NotNull()),
    ("file_path", Text),
    ("file_format", Text),
    ("schema_id", Number),
    ("level", DataTypes.Int.NotNull()),
    ("record_count", Number),
    ("file_size_in_bytes", Number),
    ("min_key", DataTypes.String),
    ("max_key", DataTypes.String),
    ("null_value_counts", Text),
    ("min_value_stats", Text),
    ("max_value_stats", Text),
    ("min_sequence_number", DataTypes.BigInt),
    ("max_sequence_number", DataTypes.BigInt),
    ("creation_time", Time),
    ("deleteRowCount", DataTypes.BigInt),
    ("file_source", DataTypes.String),
    ("first_row_id", DataTypes.BigInt),
    ("write_cols", DataTypes.Array(DataTypes.String)))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        var zone = Table.Environment.TimeProvider.LocalTimeZone;
        foreach (var entry in await SystemState.FilesAsync(Table, cancellationToken).ConfigureAwait(false))
        {
            var file = entry.File;
            var schema = await Store.Schemas.ReadAsync(file.SchemaId, cancellationToken).ConfigureAwait(false);
            var keyType = schema.PrimaryKeys.Count == 0 ? schema.RowType : schema.TrimmedPrimaryKeyType;
            var stats = new FileStatisticsText(Table.Schema, schema, file);
            rows.Add(
                SystemText.Row(schema.PartitionType, entry.Partition, zone),
                entry.Bucket,
                Store.DataPaths.File(entry.Partition, entry.Bucket, file),
                file.FileName[(file.FileName.LastIndexOf('.') + 1)..],
                file.SchemaId,
                file.Level,
                file.RowCount,
                file.FileSizeBytes,
                SystemText.Key(keyType, file.MinKey),
                SystemText.Key(keyType, file.MaxKey),
                stats.NullCounts,
                stats.Min,
                stats.Max,
                file.MinSequenceNumber,
                file.MaxSequenceNumber,
                file.CreationTimeMillis is { } millis ? new NanoTimestamp(millis, 0) : null,
                file.DeleteRowCount,
                file.FileSource?.ToString().ToUpperInvariant(),
                file.FirstRowId,
                file.WriteColumns);
        }
    }

    /// <summary>The statistics of a file under the table's schema: columns are found by their id.</summary>
    private readonly struct FileStatisticsText
    {
        public FileStatisticsText(TableSchema schema, TableSchema fileSchema, DataFileMeta file)
        {
            var type = file.ValueStatsColumns is { } names
                ? fileSchema.RowType.Project(fileSchema.IndexesOf(names))
                : fileSchema.RowType;
            var stats = file.ValueStats;
            var isKnown = stats.MinValues.Arity == type.Fields.Count && stats.NullCounts.Count == type.Fields.Count;
            var min = isKnown ? SystemText.JavaTexts(type, stats.MinValues) : [];
            var max = isKnown ? SystemText.JavaTexts(type, stats.MaxValues) : [];
            var counts = new List<KeyValuePair<string, string?>>();
            var smallest = new List<KeyValuePair<string, string?>>();
            var largest = new List<KeyValuePair<string, string?>>();
            foreach (var field in schema.Fields)
            {
                var i = isKnown ? type.IndexOfId(field.Id) : -1;
                var isAbsent = fileSchema.RowType.IndexOfId(field.Id) < 0;
                var count = i >= 0 ? stats.NullCounts[i] : isAbsent ? file.RowCount : null;
                counts.Add(new(field.Name, count?.ToString(CultureInfo.InvariantCulture)));
                smallest.Add(new(field.Name, i >= 0 ? min[i] : null));
                largest.Add(new(field.Name, i >= 0 ? max[i] : null));
            }

            NullCounts = SystemText.Map(counts);
            Min = SystemText.Map(smallest);
            Max = SystemText.Map(largest);
        }

        public string NullCounts { get; }

        public string Min { get; }

        public string Max { get; }
    }
}
