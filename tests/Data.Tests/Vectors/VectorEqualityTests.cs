using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Tests.Vectors;

public class VectorEqualityTests
{
    [Fact]
    public void A_value_equals_its_copy_and_what_differs_in_text_is_different()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomValues(seed);
            var column = random.Column(random.Any(), 8);
            var copy = ColumnVector.Create(column.Type);
            copy.AppendGather(column, [7, 6, 5, 4, 3, 2, 1, 0]);
            for (var row = 0; row < 8; row++)
            {
                var text = TextOf(column, row);
                Assert.Equal(!text.Contains("NaN", StringComparison.Ordinal), VectorEquality.AreEqual(column, row, copy, 7 - row));
                for (var other = 0; other < 8; other++)
                {
                    var isEqual = VectorEquality.AreEqual(column, row, column, other);
                    Assert.True(
                        !isEqual || text == TextOf(column, other) || text.Contains("-0", StringComparison.Ordinal)
                        || TextOf(column, other).Contains("-0", StringComparison.Ordinal),
                        $"{column.Type}: {text} and {TextOf(column, other)}");
                }
            }
        }
    }

    [Fact]
    public void Numbers_are_compared_as_numbers_and_maps_without_order()
    {
        var doubles = new FixedVector<double>(DataTypes.Double);
        doubles.AppendValues([0.0, -0.0, double.NaN]);
        Assert.True(VectorEquality.AreEqual(doubles, 0, doubles, 1));
        Assert.False(VectorEquality.AreEqual(doubles, 2, doubles, 2));

        var maps = new MapVector(new MapType(DataTypes.Int.NotNull(), DataTypes.Int));
        foreach (var entries in new[] { new[] { (1, 10), (2, 20) }, [(2, 20), (1, 10)], [(2, 20), (1, 11)], [(2, 20)] })
        {
            foreach (var (key, value) in entries)
            {
                ((FixedVector<int>)maps.Keys).Append(key);
                ((FixedVector<int>)maps.MapValues).Append(value);
            }

            maps.EndRow();
        }

        Assert.True(VectorEquality.AreEqual(maps, 0, maps, 1));
        Assert.False(VectorEquality.AreEqual(maps, 0, maps, 2));
        Assert.False(VectorEquality.AreEqual(maps, 0, maps, 3));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("STRING")]
    public void Keys_added_one_by_one_are_those_of_their_set(string type)
    {
        var keyType = new RowType([new DataField(0, "k", (type == "INT" ? DataTypes.Int : DataTypes.String).NotNull())]);
        var encoder = new KeyEncoder(keyType);
        var column = ColumnVector.Create(keyType.Fields[0].Type);
        for (var i = 0; i < 200; i++)
        {
            ValueAppender.Append(column, type == "INT" ? i : new string('x', i % 30) + i);
        }

        var all = encoder.CreateKeys();
        encoder.Encode([column], 0, 200, all);
        var some = encoder.CreateKeys();
        for (var round = 0; round < 2; round++)
        {
            some.Clear();
            for (var i = 1; i < 200; i += 3)
            {
                some.Add(all, i);
            }

            for (var i = 0; i < some.Count; i++)
            {
                Assert.Equal(0, some.Compare(i, all, (3 * i) + 1));
                Assert.NotEqual(0, some.Compare(i, all, 3 * i));
            }
        }
    }

    private static string TextOf(ColumnVector column, int row) => ValueText.Format(column, row);
}
