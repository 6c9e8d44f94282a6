using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The order of fixed-width values that are not floating point numbers.</summary>
/// <typeparam name="T">The values.</typeparam>
internal readonly struct FixedOrder<T> : IVectorOrder
    where T : unmanaged, IComparable<T>
{
    /// <inheritdoc/>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow) =>
        ((FixedVector<T>)left).Values[leftRow].CompareTo(((FixedVector<T>)right).Values[rightRow]);
}
