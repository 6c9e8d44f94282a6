using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Predicates;

/// <summary>
/// The order of single values of scalar types, the same as that of keys (<see cref="KeyEncoder"/>): strings and binary by
/// unsigned bytes, -0.0 equal to 0.0, NaN above infinity.
/// </summary>
public static class ValueOrder
{
    /// <summary>Compares two values.</summary>
    /// <param name="left">A column.</param>
    /// <param name="leftRow">A row of it that is not NULL.</param>
    /// <param name="right">A column of the same stored type.</param>
    /// <param name="rightRow">A row of it that is not NULL.</param>
    /// <returns>Negative, zero or positive as the left value is before, equal to or after the right one.</returns>
    /// <exception cref="PaimonException">Unsupported: the type has no order.</exception>
    public static int Compare(ColumnVector left, int leftRow, ColumnVector right, int rightRow) => left switch
    {
        FixedVector<long> a => a.Values[leftRow].CompareTo(((FixedVector<long>)right).Values[rightRow]),
        FixedVector<int> a => a.Values[leftRow].CompareTo(((FixedVector<int>)right).Values[rightRow]),
        BinaryVector a => a[leftRow].SequenceCompareTo(((BinaryVector)right)[rightRow]),
        FixedVector<Int128> a => a.Values[leftRow].CompareTo(((FixedVector<Int128>)right).Values[rightRow]),
        FixedVector<NanoTimestamp> a => a.Values[leftRow].CompareTo(((FixedVector<NanoTimestamp>)right).Values[rightRow]),
        FixedVector<short> a => a.Values[leftRow].CompareTo(((FixedVector<short>)right).Values[rightRow]),
        FixedVector<sbyte> a => a.Values[leftRow].CompareTo(((FixedVector<sbyte>)right).Values[rightRow]),
        FixedVector<float> a => SingleKey.ToBits(a.Values[leftRow])
            .CompareTo(SingleKey.ToBits(((FixedVector<float>)right).Values[rightRow])),
        FixedVector<double> a => DoubleKey.ToBits(a.Values[leftRow])
            .CompareTo(DoubleKey.ToBits(((FixedVector<double>)right).Values[rightRow])),
        BooleanVector a => a[leftRow].CompareTo(((BooleanVector)right)[rightRow]),
        null => throw new ArgumentNullException(nameof(left)),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Values of {left.Type} have no order."),
    };
}
