using System.Numerics;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Hashes of values of any type, and the equality of Java's objects: NULL equals NULL; FLOAT and DOUBLE by their bits, so that
/// NaN equals NaN and 0.0 is not -0.0; nested values as <see cref="VectorEquality"/> has it.
/// </summary>
internal static class ValueHash
{
    /// <summary>A hash: equal values have equal ones, by either equality.</summary>
    /// <param name="vector">A column.</param>
    /// <param name="row">A row of it.</param>
    public static int Of(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
        {
            return 0;
        }

        return vector switch
        {
            FixedVector<int> a => Mix(a.Values[row]),
            FixedVector<long> a => Mix(a.Values[row]),
            BinaryVector a => OfBytes(a[row]),
            FixedVector<double> a => OfFloat(a.Values[row]),
            FixedVector<float> a => OfFloat(a.Values[row]),
            BooleanVector a => a[row] ? 1 : 2,
            FixedVector<Int128> a => Mix(a.Values[row].GetHashCode()),
            FixedVector<short> a => Mix(a.Values[row]),
            FixedVector<sbyte> a => Mix(a.Values[row]),
            FixedVector<NanoTimestamp> a => Mix(a.Values[row].GetHashCode()),
            ListVector a => OfRange(a.Elements, a.Offsets[row], a.Offsets[row + 1]),
            MapVector a => OfEntries(a, a.Offsets[row], a.Offsets[row + 1]),
            StructVector a => OfFields(a, row),
            _ => throw new ArgumentException($"Values of {vector.Type} have no hash.", nameof(vector)),
        };
    }

    /// <summary>True when two values are equal as Java's objects are.</summary>
    public static bool AreSame(ColumnVector left, int row, ColumnVector right, int otherRow)
    {
        if (left.IsNull(row) || right.IsNull(otherRow))
        {
            return left.IsNull(row) && right.IsNull(otherRow);
        }

        return left switch
        {
            FixedVector<double> a => AreSame(a.Values[row], ((FixedVector<double>)right).Values[otherRow]),
            FixedVector<float> a => AreSame(a.Values[row], ((FixedVector<float>)right).Values[otherRow]),
            _ => VectorEquality.AreEqual(left, row, right, otherRow),
        };
    }

    private static bool AreSame<T>(T left, T right)
        where T : IFloatingPointIeee754<T> =>
        T.IsNaN(left) ? T.IsNaN(right) : left == right && T.IsNegative(left) == T.IsNegative(right);

    private static int Mix(long value) => (int)(((ulong)value * 0x9E3779B97F4A7C15) >> 32);

    // 0.0 and -0.0 are equal by one of the equalities.
    private static int OfFloat<T>(T value)
        where T : IFloatingPointIeee754<T> => T.IsZero(value) ? 3 : Mix(value.GetHashCode());

    private static int OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private static int OfRange(ColumnVector elements, int start, int end)
    {
        var hash = end - start;
        for (var i = start; i < end; i++)
        {
            hash = HashCode.Combine(hash, Of(elements, i));
        }

        return hash;
    }

    private static int OfEntries(MapVector map, int start, int end)
    {
        var hash = end - start;
        for (var i = start; i < end; i++)
        {
            hash += HashCode.Combine(Of(map.Keys, i), Of(map.MapValues, i));
        }

        return hash;
    }

    private static int OfFields(StructVector rows, int row)
    {
        var hash = 17;
        foreach (var child in rows.Children)
        {
            hash = HashCode.Combine(hash, Of(child, row));
        }

        return hash;
    }
}
