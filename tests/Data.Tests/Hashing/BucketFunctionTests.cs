using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.Data.Tests.Hashing;

public class BucketFunctionTests
{
    [Fact]
    public void Buckets_are_those_that_Paimon_chooses()
    {
        foreach (var line in GoldenVectors.Read("bucket-function.jsonl"))
        {
            var type = Enum.Parse<BucketFunctionType>(line.GetProperty("function").GetString()!, ignoreCase: true);
            var keyType = GoldenValues.RowTypeOf(line.GetProperty("types"));
            if (line.TryGetProperty("error", out _))
            {
                var error = Assert.Throws<PaimonException>(() => BucketFunction.Create(type, keyType));
                Assert.Equal(ErrorKind.Invalid, error.Kind);
                continue;
            }

            var columns = GoldenValues.ToColumns(keyType, line.GetProperty("values"));
            var function = BucketFunction.Create(type, keyType);
            foreach (var expected in line.GetProperty("buckets").EnumerateObject())
            {
                var bucket = new int[1];
                function.Assign(columns, 0, int.Parse(expected.Name), bucket);
                Assert.True(expected.Value.GetInt32() == bucket[0], $"{line} with {expected.Name} buckets gave {bucket[0]}");
            }
        }
    }

    [Fact]
    public void The_short_cut_for_one_column_gives_the_bucket_of_the_row()
    {
        var random = new Random(7);
        foreach (var type in (DataType[])[DataTypes.Int, DataTypes.BigInt, DataTypes.String])
        {
            var column = ColumnVector.Create(type);
            for (var i = 0; i < 500; i++)
            {
                switch (column)
                {
                    case FixedVector<int> ints:
                        ints.Append(random.Next(int.MinValue, int.MaxValue));
                        break;
                    case FixedVector<long> longs:
                        longs.Append(random.NextInt64(long.MinValue, long.MaxValue));
                        break;
                    case BinaryVector texts:
                        random.NextBytes(texts.AppendUninitialized(i % 41));
                        break;
                }
            }

            var keyType = new RowType([new DataField(0, "k", type)]);
            var writer = new BinaryRowWriter(keyType);
            var buckets = new int[490];
            BucketFunction.Create(BucketFunctionType.Default, keyType).Assign([column], 10, 37, buckets);
            for (var i = 0; i < buckets.Length; i++)
            {
                Assert.Equal(Math.Abs(writer.Hash([column], i + 10) % 37), buckets[i]);
            }
        }
    }
}
