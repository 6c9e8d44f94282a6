using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cli.Rows;

/// <summary>Prints the rows of batches as they come.</summary>
internal interface IRowPrinter
{
    /// <summary>Prints a range of rows.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="snapshotId">The snapshot that made the changes, null for rows that are no changes.</param>
    void Print(ColumnBatch batch, int start, int count, long? snapshotId = null);

    /// <summary>Prints what is held back. Called when output pauses and at the end.</summary>
    void Flush();
}
