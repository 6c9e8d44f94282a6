namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>consumers</c>: named readers and the snapshots that they read next.</summary>
internal sealed class ConsumersSource(Table table)
    : MetadataSource(table, ("consumer_id", Text), ("next_snapshot_id", Number))
{
    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        foreach (var (id, next) in await Store.Consumers.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(id, next);
        }
    }
}
