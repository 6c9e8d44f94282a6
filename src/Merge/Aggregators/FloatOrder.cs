using System.Numerics;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>The order of floating point numbers as Java has it: -0.0 below 0.0, NaN above infinity.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct FloatOrder<T> : IVectorOrder
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow)
    {
        var (a, b) = (((FixedVector<T>)left).Values[leftRow], ((FixedVector<T>)right).Values[rightRow]);
        if (T.IsNaN(a) || T.IsNaN(b))
        {
            return T.IsNaN(a).CompareTo(T.IsNaN(b));
        }

        return a == b ? T.IsNegative(b).CompareTo(T.IsNegative(a)) : a < b ? -1 : 1;
    }
}
