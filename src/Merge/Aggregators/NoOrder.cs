using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The types whose values <c>max</c> and <c>min</c> do not compare: BOOLEAN and nested ones.</summary>
internal readonly struct NoOrder : IVectorOrder
{
    /// <inheritdoc/>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow) =>
        throw new PaimonException(
            ErrorKind.Invalid, $"Aggregate functions max and min cannot compare values of {left.Type}; use another function.");
}
