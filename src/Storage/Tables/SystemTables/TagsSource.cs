using System.Xml;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>tags</c>: snapshots that are kept under names.</summary>
internal sealed class TagsSource(Table table) : MetadataSource(
    table,
    ("tag_name", Text),
    ("snapshot_id", Number),
    ("schema_id", Number),
    ("commit_time", Time.NotNull()),
    ("record_count", DataTypes.BigInt),
    ("create_time", Time),
    ("time_retained", DataTypes.String))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        foreach (var tag in await Store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(
                tag.Name,
                tag.Snapshot.Id,
                tag.Snapshot.SchemaId,
                rows.LocalTime(tag.Snapshot.TimeMillis),
                tag.Snapshot.TotalRecordCount,
                tag.CreatedAt,
                tag.TimeRetained is { } kept ? XmlConvert.ToString(kept) : null);
        }
    }
}
