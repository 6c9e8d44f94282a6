using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>ro</c>: the rows of fully compacted files only, which need no merge; of a table without primary key all rows.</summary>
internal sealed class ReadOptimizedSource(Table table) : ISystemSource
{
    /// <inheritdoc/>
    public RowType RowType => table.Schema.RowType;

    /// <inheritdoc/>
    public IAsyncEnumerable<ColumnBatch> ReadAsync(CancellationToken cancellationToken) =>
        table.NewScan().OnlyHighestLevel().WithSchema(table.Schema.Id).ReadBatchesAsync(cancellationToken);
}
