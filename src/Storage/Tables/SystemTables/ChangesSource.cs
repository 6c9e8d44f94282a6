using System.Runtime.CompilerServices;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>
/// <c>audit_log</c> and <c>binlog</c>: the table's rows with their kinds, those of deleted keys too; as a stream its changes.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="newShape">Makes what gives the rows their shape.</param>
internal sealed class ChangesSource(Table table, Func<RowType, ChangeShape> newShape) : ISystemSource
{
    /// <inheritdoc/>
    public RowType RowType { get; } = newShape(table.Schema.RowType).RowType;

    /// <summary>What gives the rows of one read their shape.</summary>
    public ChangeShape NewShape() => newShape(table.Schema.RowType);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shape = NewShape();
        var scan = table.NewScan().WithKinds(keepRetracts: true).WithSchema(table.Schema.Id);
        await foreach (var batch in scan.ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return shape.Apply(batch, isStream: false);
        }
    }
}
