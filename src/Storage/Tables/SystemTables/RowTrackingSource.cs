using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>row_tracking</c>: the table's rows with their ids and sequence numbers (docs/format.md#row-tracking).</summary>
internal sealed class RowTrackingSource : ISystemSource
{
    private readonly Table _table;

    /// <summary>Takes a table.</summary>
    /// <exception cref="PaimonException">Invalid: the table has no row ids.</exception>
    public RowTrackingSource(Table table)
    {
        if (!table.Options.GetBoolean("row-tracking.enabled", false))
        {
            PaimonException.ThrowInvalid($"{table.Path} has no row ids: option 'row-tracking.enabled' is not set.");
        }

        _table = table;
    }

    /// <inheritdoc/>
    public RowType RowType => RowTracking.Extend(_table.Schema).RowType;

    /// <inheritdoc/>
    public IAsyncEnumerable<ColumnBatch> ReadAsync(CancellationToken cancellationToken) =>
        _table.NewScan().WithRowIds().WithSchema(_table.Schema.Id).ReadBatchesAsync(cancellationToken);
}
