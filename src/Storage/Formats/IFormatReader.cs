using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;

namespace PaimonSharp.Storage.Formats;

/// <summary>An open data file. Cursors of one reader may be used at the same time, each by one thread.</summary>
internal interface IFormatReader : IAsyncDisposable
{
    /// <summary>The names of the top-level columns that the file holds.</summary>
    IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The rows of the file.</summary>
    long RowCount { get; }

    /// <summary>
    /// The bytes that a row of some columns takes in the file before compression, as far as its metadata says; of the part of
    /// the file whose rows are largest. Decoded, repeated values may take more.
    /// </summary>
    /// <param name="columns">The names of top-level columns; those that the file lacks take nothing.</param>
    long EstimateRowBytes(IReadOnlySet<string> columns);

    /// <summary>
    /// Reads some columns from the first row on. Columns are found by name; the types are those of the file's own schema
    /// version. A column that the file lacks reads as NULL.
    /// </summary>
    /// <param name="columns">The columns wanted, in order; nullable types tolerate NULLs, others make them corrupt data.</param>
    /// <param name="readAheadBytes">How much of the file is read at once, all columns together, as far as pages allow.</param>
    IFormatCursor OpenCursor(RowType columns, int readAheadBytes = 8 << 20);

    /// <summary>The rows that may meet a condition, by what the file says of its parts; all by default.</summary>
    /// <param name="predicate">The condition.</param>
    /// <param name="fieldOf">The file's column for a column of the condition; null when there is none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<FileIndexResult> FindRowsAsync(
        Predicate predicate, Func<string, DataField?> fieldOf, CancellationToken cancellationToken) => new(FileIndexResult.All);
}

/// <summary>
/// Reads some columns of a file forward. Skipping is cheap: pages that hold only skipped rows are not decoded, so that values
/// can be read after a merge plan has chosen rows.
/// </summary>
internal interface IFormatCursor : IAsyncDisposable
{
    /// <summary>The next row to be read.</summary>
    long Position { get; }

    /// <summary>Appends the next rows to vectors.</summary>
    /// <param name="target">One vector for each column of the cursor.</param>
    /// <param name="maxRows">At most so many rows; fewer only at the end of the file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended, 0 at the end.</returns>
    ValueTask<int> ReadAsync(IReadOnlyList<ColumnVector> target, int maxRows, CancellationToken cancellationToken);

    /// <summary>Passes over rows.</summary>
    /// <param name="rows">How many, at most those that are left.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask SkipAsync(long rows, CancellationToken cancellationToken);
}
