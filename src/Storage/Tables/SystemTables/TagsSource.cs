using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

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
        var tags = await Store.Environment.FileIO.ListAsync(Store.Paths.TagDirectory, cancellationToken).ConfigureAwait(false);
        foreach (var name in tags.Select(entry => entry.Name)
            .Where(name => name.StartsWith(TablePaths.TagPrefix, StringComparison.Ordinal))
            .Select(name => name[TablePaths.TagPrefix.Length..]).Order(StringComparer.Ordinal))
        {
            var snapshot = await TagReader.ReadAsync(Store, name, cancellationToken).ConfigureAwait(false);
            rows.Add(
                name,
                snapshot.Id,
                snapshot.SchemaId,
                rows.LocalTime(snapshot.TimeMillis),
                snapshot.TotalRecordCount,
                null,
                null);
        }
    }
}
