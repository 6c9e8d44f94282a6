using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>A read that has been told what to read: of a table or of a system table. For one thread at a time.</summary>
public interface IRowScan
{
    /// <summary>The columns of the result.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: a column asked for is not there.</exception>
    ValueTask<RowType> ResultTypeAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the rows, in no promised order.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Batches that are valid until the next one is asked for.</returns>
    IAsyncEnumerable<ColumnBatch> ReadBatchesAsync(CancellationToken cancellationToken = default);
}
