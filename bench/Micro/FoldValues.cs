using System.Buffers;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge.Sketches;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Columns for aggregators: numbers, texts of 8 characters, arrays and maps of 3 elements of which some meet, sketches of 20
/// values and bitmaps of 50.
/// </summary>
internal static class FoldValues
{
    private static readonly RowType Row = new(
        [new DataField(0, "id", DataTypes.Int), new DataField(1, "v", DataTypes.BigInt), new DataField(2, "ts", DataTypes.String)]);

    /// <summary>The type of the column.</summary>
    /// <param name="function">The aggregator, and after it what is special.</param>
    public static DataType TypeOf(string function) => function switch
    {
        "bool_and" or "bool_or" => DataTypes.Boolean,
        "listagg" or "listagg distinct" or "max STRING" => DataTypes.String,
        "collect" or "collect distinct" => new ArrayType(DataTypes.Int),
        "merge_map" => new MapType(DataTypes.Int.NotNull(), DataTypes.BigInt),
        "merge_map_with_keytime" => new MapType(DataTypes.Int.NotNull(), Row),
        "nested_update" or "nested_update with keys" or "nested_partial_update" => new ArrayType(Row),
        "theta_sketch" or "hll_sketch" or "rbm32" or "rbm64" => DataTypes.Bytes,
        "sum DECIMAL(38, 4)" => DataTypes.Decimal(38, 4),
        "sum DECIMAL(18, 2)" or "product DECIMAL(18, 2)" => DataTypes.Decimal(18, 2),
        _ => DataTypes.BigInt,
    };

    /// <summary>A column of one run.</summary>
    /// <param name="function">The aggregator, and after it what is special.</param>
    /// <param name="type">Its type.</param>
    /// <param name="rows">How many values.</param>
    /// <param name="seed">The run.</param>
    public static ColumnVector Column(string function, DataType type, int rows, int seed)
    {
        var random = new Random(seed + 1);
        var column = ColumnVector.Create(type);
        for (var i = 0; i < rows; i++)
        {
            switch (function)
            {
                case "theta_sketch" or "hll_sketch" or "rbm32" or "rbm64":
                    ((BinaryVector)column).Append(Sketch(function, random));
                    break;
                default:
                    Append(column, random);
                    break;
            }
        }

        return column;
    }

    private static void Append(ColumnVector column, Random random)
    {
        switch (column)
        {
            case BooleanVector booleans:
                booleans.Append(random.Next(2) == 0);
                break;
            case BinaryVector texts:
                texts.Append($"text{random.Next(1000, 2000)}");
                break;
            case FixedVector<int> numbers:
                numbers.Append(random.Next(40));
                break;
            case FixedVector<Int128> wide:
                wide.Append(random.Next(100_000));
                break;
            case FixedVector<long> longs:
                longs.Append(random.Next(1, 300));
                break;
            case ListVector list:
                AppendElements([list.Elements], random);
                list.EndRow();
                break;
            case MapVector map:
                var first = random.Next(20);
                for (var i = 0; i < 3; i++)
                {
                    ((FixedVector<int>)map.Keys).Append(first + i);
                    Append(map.MapValues, random);
                }

                map.EndRow();
                break;
            default:
                var rows = (StructVector)column;
                foreach (var child in rows.Children)
                {
                    Append(child, random);
                }

                rows.EndRow();
                break;
        }
    }

    private static void AppendElements(ColumnVector[] columns, Random random)
    {
        for (var i = 0; i < 3; i++)
        {
            Array.ForEach(columns, column => Append(column, random));
        }
    }

    private static byte[] Sketch(string function, Random random)
    {
        var target = new ArrayBufferWriter<byte>();
        switch (function)
        {
            case "theta_sketch":
                var theta = new ThetaSketch();
                for (var i = 0; i < 20; i++)
                {
                    theta.Add(random.NextInt64(1, long.MaxValue));
                }

                theta.Finish();
                ThetaCodec.Write(theta, target);
                break;
            case "hll_sketch":
                var hll = new HllSketch(12);
                for (var i = 0; i < 20; i++)
                {
                    hll.Add(HllSketch.Pair(random.Next(1 << HllSketch.KeyBits), 1 + random.Next(8)));
                }

                HllCodec.Write(hll, target);
                break;
            case "rbm32":
                var bitmap = new RoaringBitmap();
                for (var i = 0; i < 50; i++)
                {
                    bitmap.Add((uint)random.Next(100_000));
                }

                return RoaringCodec.Write(bitmap);
            default:
                var wide = new RoaringBitmap64();
                for (var i = 0; i < 50; i++)
                {
                    wide.Add((ulong)random.Next(100_000));
                }

                RoaringCodec64.Write(wide, target);
                break;
        }

        return target.WrittenSpan.ToArray();
    }
}
