using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>What is known of a column's values in a file, a row group or a set of files.</summary>
/// <param name="Min">A vector whose row <paramref name="Row"/> is not above the smallest value; null or NULL when unknown.</param>
/// <param name="Max">A vector whose row <paramref name="Row"/> is not below the largest value; null or NULL when unknown.</param>
/// <param name="Row">The row of both vectors.</param>
/// <param name="NullCount">The NULL rows; null when unknown.</param>
/// <param name="RowCount">All rows.</param>
public readonly record struct ColumnBounds(ColumnVector? Min, ColumnVector? Max, int Row, long? NullCount, long RowCount)
{
    internal bool HasMin => Min is not null && !Min.IsNull(Row);

    internal bool HasMax => Max is not null && !Max.IsNull(Row);
}
