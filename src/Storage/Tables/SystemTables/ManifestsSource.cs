using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>manifests</c>: the manifests of the snapshot that is read, those of its changelog too.</summary>
internal sealed class ManifestsSource(Table table) : MetadataSource(
    table,
    ("file_name", Text),
    ("file_size", Number),
    ("num_added_files", Number),
    ("num_deleted_files", Number),
    ("schema_id", Number),
    ("min_partition_stats", DataTypes.String),
    ("max_partition_stats", DataTypes.String),
    ("min_row_id", DataTypes.BigInt),
    ("max_row_id", DataTypes.BigInt))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        if (await SystemState.SnapshotAsync(Table, cancellationToken).ConfigureAwait(false) is not { } snapshot)
        {
            return;
        }

        var type = Table.Schema.PartitionType;
        var zone = Table.Environment.TimeProvider.LocalTimeZone;
        var manifests = await Store.ManifestLists.ReadAllAsync(snapshot, cancellationToken).ConfigureAwait(false);
        if (snapshot.ChangelogManifestList is { } changelog)
        {
            manifests.AddRange(await Store.ManifestLists.ReadAsync(changelog, cancellationToken).ConfigureAwait(false));
        }

        foreach (var manifest in manifests)
        {
            rows.Add(
                manifest.FileName,
                manifest.FileSizeBytes,
                manifest.AddedFileCount,
                manifest.DeletedFileCount,
                manifest.SchemaId,
                SystemText.Row(type, manifest.PartitionStats.MinValues, zone),
                SystemText.Row(type, manifest.PartitionStats.MaxValues, zone),
                manifest.MinRowId,
                manifest.MaxRowId);
        }
    }
}
