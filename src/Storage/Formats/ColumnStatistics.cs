using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats;

/// <summary>
/// What is known of a column of a file: NULLs and bounds. Bounds are one-row vectors of the column's type, so that no value is
/// boxed and they feed comparisons, BinaryRow and casts as any column does.
/// </summary>
/// <param name="NullCount">The NULL rows; null when unknown.</param>
/// <param name="Min">One row: the smallest value; null when unknown or all rows are NULL.</param>
/// <param name="Max">One row: the largest value; null when unknown or all rows are NULL.</param>
internal sealed record ColumnStatistics(long? NullCount, ColumnVector? Min, ColumnVector? Max);
