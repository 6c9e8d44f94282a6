namespace PaimonSharp.Data.Vectors;

/// <summary>
/// Says whether two values are equal as Paimon compares rows: NULL equals NULL, FLOAT and DOUBLE by their numbers (NaN equals
/// nothing, 0.0 equals -0.0), arrays in order, maps and multisets whatever the order of their entries.
/// </summary>
public static class VectorEquality
{
    /// <summary>True when two values are equal.</summary>
    /// <param name="left">A column.</param>
    /// <param name="row">A row of it.</param>
    /// <param name="right">A column of the same type.</param>
    /// <param name="otherRow">A row of that.</param>
    public static bool AreEqual(ColumnVector left, int row, ColumnVector right, int otherRow)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.IsNull(row) || right.IsNull(otherRow))
        {
            return left.IsNull(row) && right.IsNull(otherRow);
        }

        return left switch
        {
            FixedVector<int> a => a.Values[row] == ((FixedVector<int>)right).Values[otherRow],
            FixedVector<long> a => a.Values[row] == ((FixedVector<long>)right).Values[otherRow],
            BinaryVector a => a[row].SequenceEqual(((BinaryVector)right)[otherRow]),
            FixedVector<double> a => a.Values[row] == ((FixedVector<double>)right).Values[otherRow],
            FixedVector<float> a => a.Values[row] == ((FixedVector<float>)right).Values[otherRow],
            BooleanVector a => a[row] == ((BooleanVector)right)[otherRow],
            FixedVector<Int128> a => a.Values[row] == ((FixedVector<Int128>)right).Values[otherRow],
            FixedVector<short> a => a.Values[row] == ((FixedVector<short>)right).Values[otherRow],
            FixedVector<sbyte> a => a.Values[row] == ((FixedVector<sbyte>)right).Values[otherRow],
            FixedVector<NanoTimestamp> a => a.Values[row].Equals(((FixedVector<NanoTimestamp>)right).Values[otherRow]),
            ListVector a => AreListsEqual(a, row, (ListVector)right, otherRow),
            MapVector a => AreMapsEqual(a, row, (MapVector)right, otherRow),
            StructVector a => AreRowsEqual(a, row, (StructVector)right, otherRow),
            _ => throw new ArgumentException($"Values of {left.Type} are not compared.", nameof(left)),
        };
    }

    private static bool AreRowsEqual(StructVector left, int row, StructVector right, int otherRow)
    {
        for (var i = 0; i < left.Children.Count; i++)
        {
            if (!AreEqual(left.Children[i], row, right.Children[i], otherRow))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreListsEqual(ListVector left, int row, ListVector right, int otherRow)
    {
        var (start, end) = (left.Offsets[row], left.Offsets[row + 1]);
        var otherStart = right.Offsets[otherRow];
        if (end - start != right.Offsets[otherRow + 1] - otherStart)
        {
            return false;
        }

        for (var i = start; i < end; i++)
        {
            if (!AreEqual(left.Elements, i, right.Elements, otherStart + i - start))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreMapsEqual(MapVector left, int row, MapVector right, int otherRow)
    {
        var (start, end) = (left.Offsets[row], left.Offsets[row + 1]);
        var (otherStart, otherEnd) = (right.Offsets[otherRow], right.Offsets[otherRow + 1]);
        if (end - start != otherEnd - otherStart)
        {
            return false;
        }

        for (var i = start; i < end; i++)
        {
            var other = FindKey(left.Keys, i, right.Keys, otherStart + i - start, otherStart, otherEnd);
            if (other < 0 || !AreEqual(left.MapValues, i, right.MapValues, other))
            {
                return false;
            }
        }

        return true;
    }

    // Maps that did not change have their entries in the same order: that place is looked at first.
    private static int FindKey(ColumnVector keys, int key, ColumnVector others, int guess, int start, int end)
    {
        if (AreEqual(keys, key, others, guess))
        {
            return guess;
        }

        for (var i = start; i < end; i++)
        {
            if (AreEqual(keys, key, others, i))
            {
                return i;
            }
        }

        return -1;
    }
}
