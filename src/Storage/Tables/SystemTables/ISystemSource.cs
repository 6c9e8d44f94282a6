using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>The rows of a system table. Immutable; every read looks at the table anew.</summary>
internal interface ISystemSource
{
    /// <summary>The columns.</summary>
    RowType RowType { get; }

    /// <summary>Reads all rows.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Batches that are valid until the next one is asked for.</returns>
    IAsyncEnumerable<ColumnBatch> ReadAsync(CancellationToken cancellationToken);
}
