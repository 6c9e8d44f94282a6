using System.Runtime.CompilerServices;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>A system table whose rows are told by the table's metadata, few enough for one batch.</summary>
/// <param name="table">The table that is told about.</param>
/// <param name="columns">The columns: names and types.</param>
internal abstract class MetadataSource(Table table, params (string Name, DataType Type)[] columns) : ISystemSource
{
    /// <inheritdoc/>
    public RowType RowType { get; } = new([.. columns.Select((column, i) => new DataField(i, column.Name, column.Type))]);

    /// <summary>TIMESTAMP(3), the type of all times.</summary>
    protected static DataType Time { get; } = DataTypes.Timestamp(3);

    /// <summary>BIGINT NOT NULL.</summary>
    protected static DataType Number { get; } = DataTypes.BigInt.NotNull();

    /// <summary>STRING NOT NULL.</summary>
    protected static DataType Text { get; } = DataTypes.String.NotNull();

    /// <summary>The table that is told about.</summary>
    protected Table Table => table;

    /// <summary>The table's metadata.</summary>
    protected FileStore Store => table.Store;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ColumnBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new SystemRows(RowType, table.Environment.TimeProvider.LocalTimeZone);
        await AppendAsync(rows, cancellationToken).ConfigureAwait(false);
        yield return rows.Batch;
    }

    /// <summary>Appends all rows.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken);
}
