using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>Reads splits. One implementation for each kind of table; for one thread at a time.</summary>
internal interface ISplitReader
{
    /// <summary>The columns of the batches.</summary>
    RowType OutputType { get; }

    /// <summary>Reads a split, rows that a predicate rules out among them: the caller applies the predicate.</summary>
    /// <param name="split">The split.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Batches that are valid until the next one is asked for; with kinds where the reader was made to give them.</returns>
    IAsyncEnumerable<ColumnBatch> ReadAsync(Split split, CancellationToken cancellationToken);
}
