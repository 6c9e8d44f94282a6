using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Fills vectors of any type with random rows, extremes and NULLs among them.</summary>
internal sealed class RandomRows(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    public ColumnVector Vector(DataType type, int rows)
    {
        var vector = ColumnVector.Create(type);
        var distinct = _random.Next(3) switch { 0 => 1, 1 => 5, _ => int.MaxValue };
        for (var i = 0; i < rows; i++)
        {
            Append(vector, distinct);
        }

        return vector;
    }

    private void Append(ColumnVector vector, int distinct)
    {
        if (vector.Type.IsNullable && _random.Next(4) == 0)
        {
            vector.AppendNull();
            return;
        }

        var bits = _random.Next(8) == 0 ? Extreme() : distinct == int.MaxValue ? _random.NextInt64() : _random.Next(distinct);
        switch (vector)
        {
            case BooleanVector booleans: booleans.Append((bits & 1) != 0); break;
            case FixedVector<sbyte> bytes: bytes.Append(unchecked((sbyte)bits)); break;
            case FixedVector<short> shorts: shorts.Append(unchecked((short)bits)); break;
            case FixedVector<int> ints: ints.Append(Int(vector.Type, unchecked((int)bits))); break;
            case FixedVector<long> longs: longs.Append(Long(vector.Type, bits)); break;
            case FixedVector<float> floats: floats.Append(Float(bits)); break;
            case FixedVector<double> doubles: doubles.Append(Float(bits) * 1.1); break;
            case FixedVector<Int128> decimals: decimals.Append((Int128)bits * bits % Power(((DecimalType)vector.Type).Precision)); break;
            case FixedVector<NanoTimestamp> nanos:
                nanos.Append(new NanoTimestamp(bits % 4_000_000_000_000, (int)(((bits % 1_000_000) + 1_000_000) % 1_000_000)));
                break;
            case BinaryVector binary: binary.Append(Text(bits)); break;
            case ListVector list:
                AppendMany(list.Elements, distinct);
                list.EndRow();
                break;
            case MapVector map:
                AppendMap(map, distinct);
                break;
            case StructVector row:
                foreach (var child in row.Children)
                {
                    Append(child, distinct);
                }

                row.EndRow();
                break;
        }
    }

    private void AppendMany(ColumnVector elements, int distinct)
    {
        for (var i = _random.Next(4); i > 0; i--)
        {
            Append(elements, distinct);
        }
    }

    private void AppendMap(MapVector map, int distinct)
    {
        for (var i = _random.Next(4); i > 0; i--)
        {
            var before = map.Keys.Length;
            do
            {
                map.Keys.Truncate(before);
                Append(map.Keys, distinct);
            }
            while (map.Keys.IsNull(before));
            Append(map.MapValues, distinct);
        }

        map.EndRow();
    }

    private long Extreme() => _random.Next(4) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => -1,
        _ => 0,
    };

    private static int Int(DataType type, int bits) => type.Root switch
    {
        TypeRoot.Time => (int)((uint)bits % 86_400_000),
        TypeRoot.Date => bits % 1_000_000,
        _ => bits,
    };

    private static long Long(DataType type, long bits) => type switch
    {
        DecimalType @decimal => bits % (long)Math.Pow(10, @decimal.Precision),
        TemporalType { Precision: <= 3 } => bits % 4_000_000_000_000,
        TemporalType => bits % 4_000_000_000_000_000,
        _ => bits,
    };

    private static Int128 Power(int exponent) => exponent == 0 ? 1 : 10 * Power(exponent - 1);

    private static float Float(long bits) => (bits & 15) switch
    {
        0 => -0.0f,
        1 => float.NaN,
        2 => float.NegativeInfinity,
        _ => bits / 3.0f,
    };

    private static string Text(long bits) => (bits & 7) switch
    {
        0 => string.Empty,
        1 => "åß🐟" + bits,
        2 => new string('x', (int)(bits & 127)) + bits,
        _ => "value " + (bits & 0xFFFF),
    };
}
