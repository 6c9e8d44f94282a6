using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>partitions</c>: the partitions that hold files, with what a catalog that keeps no more knows of them.</summary>
internal sealed class PartitionsSource(Table table) : MetadataSource(
    table,
    ("partition", DataTypes.String),
    ("record_count", Number),
    ("file_size_in_bytes", Number),
    ("file_count", Number),
    ("last_update_time", Time),
    ("created_at", Time),
    ("created_by", DataTypes.String),
    ("updated_by", DataTypes.String),
    ("options", DataTypes.String))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        var partitions = new List<(string Name, SystemFiles Files)>();
        foreach (var partition in (await SystemState.FilesAsync(Table, cancellationToken).ConfigureAwait(false))
            .GroupBy(entry => entry.Partition))
        {
            partitions.Add((Name(partition.Key), SystemFiles.Of(partition)));
        }

        foreach (var (name, files) in partitions.OrderBy(partition => partition.Name, StringComparer.Ordinal))
        {
            rows.Add(name, files.RecordCount, files.SizeBytes, files.Count, files.LastUpdate, null, null, null, null);
        }
    }

    private string Name(BinaryRowBytes partition)
    {
        var type = Table.Schema.PartitionType;
        if (Store.Options.PartitionLegacyNames
            && type.Fields.FirstOrDefault(field => field.Type.Root is TypeRoot.Timestamp or TypeRoot.TimestampLtz) is { } time)
        {
            // As in Paimon, which reads the values back from the directories' names and cannot read these.
            PaimonException.ThrowInvalid(
                $"The partitions of {Table.Path} cannot be listed: the names of directories for the column {time} are not read"
                + " back with option 'partition.legacy-name' = 'true'. Use the system table files.");
        }

        var spec = Store.DataPaths.Partitions.Spec(partition);
        var texts = new PartitionPaths(type, legacyNames: false, zone: Table.Environment.TimeProvider.LocalTimeZone)
            .Texts(partition);
        return string.Join('/', spec.Select((part, i) =>
            $"{part.Key}={(string.IsNullOrWhiteSpace(texts[i]) ? part.Value : texts[i])}"));
    }
}
