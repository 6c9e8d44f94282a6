using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>snapshots</c>: the snapshots that are there, as their files tell.</summary>
internal sealed class SnapshotsSource(Table table) : MetadataSource(
    table,
    ("snapshot_id", Number),
    ("schema_id", Number),
    ("commit_user", Text),
    ("commit_identifier", Number),
    ("commit_kind", Text),
    ("commit_time", Time.NotNull()),
    ("base_manifest_list", Text),
    ("delta_manifest_list", Text),
    ("changelog_manifest_list", DataTypes.String),
    ("total_record_count", DataTypes.BigInt),
    ("delta_record_count", DataTypes.BigInt),
    ("changelog_record_count", DataTypes.BigInt),
    ("watermark", DataTypes.BigInt),
    ("next_row_id", DataTypes.BigInt))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        foreach (var id in await Store.Snapshots.ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            // One that has expired since the listing is passed over.
            if (await Store.Snapshots.TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                rows.Add(
                    snapshot.Id,
                    snapshot.SchemaId,
                    snapshot.CommitUser ?? "",
                    snapshot.CommitIdentifier,
                    snapshot.CommitKind.ToString().ToUpperInvariant(),
                    rows.LocalTime(snapshot.TimeMillis),
                    snapshot.BaseManifestList,
                    snapshot.DeltaManifestList,
                    snapshot.ChangelogManifestList,
                    snapshot.TotalRecordCount,
                    snapshot.DeltaRecordCount,
                    snapshot.ChangelogRecordCount,
                    snapshot.Watermark,
                    snapshot.NextRowId);
            }
        }
    }
}
