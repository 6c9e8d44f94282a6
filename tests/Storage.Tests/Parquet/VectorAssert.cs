using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Compares vectors value by value.</summary>
internal static class VectorAssert
{
    public static void Equal(IReadOnlyList<ColumnVector> expected, IReadOnlyList<ColumnVector> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Equal(expected[i], 0, actual[i], $"column {i}");
        }
    }

    public static void Equal(ColumnVector expected, int start, ColumnVector actual, string what)
    {
        Assert.True(expected.Length - start >= actual.Length, $"{what}: {actual.Length} rows of {expected.Length} from {start}");
        Assert.Equal(actual.Validity.IsEmpty, actual.NullCount == 0);
        for (var row = 0; row < actual.Length; row++)
        {
            Row(expected, start + row, actual, row, $"{what} {expected.Type} row {row}");
        }
    }

    private static void Row(ColumnVector expected, int row, ColumnVector actual, int actualRow, string what)
    {
        Assert.True(expected.IsNull(row) == actual.IsNull(actualRow), $"{what}: NULL is {actual.IsNull(actualRow)}");
        if (expected.IsNull(row))
        {
            return;
        }

        switch (expected)
        {
            case ListVector list:
                var actualList = (ListVector)actual;
                Slices(list.Elements, list.Offsets, row, actualList.Elements, actualList.Offsets, actualRow, what);
                break;
            case MapVector map:
                var actualMap = (MapVector)actual;
                Slices(map.Keys, map.Offsets, row, actualMap.Keys, actualMap.Offsets, actualRow, what);
                Slices(map.MapValues, map.Offsets, row, actualMap.MapValues, actualMap.Offsets, actualRow, what);
                break;
            case StructVector fields:
                for (var i = 0; i < fields.Children.Count; i++)
                {
                    Row(fields.Children[i], row, ((StructVector)actual).Children[i], actualRow, what);
                }

                break;
            default:
                Assert.True(Value(expected, row).Equals(Value(actual, actualRow)),
                    $"{what}: {Value(expected, row)} expected, {Value(actual, actualRow)} found");
                break;
        }
    }

    private static void Slices(
        ColumnVector expected, ReadOnlySpan<int> offsets, int row,
        ColumnVector actual, ReadOnlySpan<int> actualOffsets, int actualRow, string what)
    {
        var count = offsets[row + 1] - offsets[row];
        Assert.True(count == actualOffsets[actualRow + 1] - actualOffsets[actualRow], $"{what}: {count} elements expected");
        for (var i = 0; i < count; i++)
        {
            Row(expected, offsets[row] + i, actual, actualOffsets[actualRow] + i, what);
        }
    }

    private static object Value(ColumnVector vector, int row) => vector switch
    {
        BooleanVector booleans => booleans[row],
        BinaryVector binary => Convert.ToHexString(binary[row]),
        FixedVector<sbyte> values => values.Values[row],
        FixedVector<short> values => values.Values[row],
        FixedVector<int> values => values.Values[row],
        FixedVector<long> values => values.Values[row],
        FixedVector<float> values => values.Values[row],
        FixedVector<double> values => values.Values[row],
        FixedVector<Int128> values => values.Values[row],
        FixedVector<NanoTimestamp> values => values.Values[row],
        _ => throw new InvalidOperationException($"{vector.Type} is not a scalar."),
    };
}
