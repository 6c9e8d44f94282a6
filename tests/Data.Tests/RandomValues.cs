using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Tests;

/// <summary>Random types and values from a seed; few distinct values, so that equal ones and NULLs meet often.</summary>
internal sealed class RandomValues(int seed)
{
    private static readonly DataType[] Scalars =
    [
        DataTypes.Boolean, DataTypes.TinyInt, DataTypes.SmallInt, DataTypes.Int, DataTypes.BigInt, DataTypes.Float, DataTypes.Double,
        DataTypes.Decimal(9, 2), DataTypes.Decimal(18, 18), DataTypes.Decimal(38, 10), DataTypes.Char(3), DataTypes.String,
        DataTypes.Bytes, DataTypes.Date, DataTypes.Time(3), DataTypes.Timestamp(0), DataTypes.Timestamp(6), DataTypes.Timestamp(9),
        DataTypes.TimestampLtz(3), DataTypes.TimestampLtz(7),
    ];

    private readonly Random _random = new(seed);

    /// <summary>True for numbers that every cast takes.</summary>
    public bool IsFinite { get; init; }

    public int Next(int max) => _random.Next(max);

    public DataType Scalar()
    {
        var type = Scalars[_random.Next(Scalars.Length)];
        return _random.Next(3) == 0 ? type.NotNull() : type;
    }

    public DataType Any(int depth = 2) => depth == 0 ? Scalar() : _random.Next(9) switch
    {
        0 => DataTypes.Array(Any(depth - 1)),
        1 => DataTypes.Map(Scalar().NotNull(), Any(depth - 1)),
        2 => DataTypes.Multiset(Scalar()),
        3 => Row(1 + _random.Next(3), () => Any(depth - 1)),
        _ => Scalar(),
    };

    public RowType Row(int fields, Func<DataType> type) =>
        DataTypes.Row([.. Enumerable.Range(0, fields).Select(i => new DataField(i, $"c{i}", type()))]);

    public ColumnVector Column(DataType type, int rows)
    {
        var column = ColumnVector.Create(type);
        for (var i = 0; i < rows; i++)
        {
            Append(column);
        }

        return column;
    }

    public void Append(ColumnVector column)
    {
        if (column.Type.IsNullable && _random.Next(5) == 0)
        {
            column.AppendNull();
            return;
        }

        switch (column)
        {
            case BooleanVector booleans:
                booleans.Append(_random.Next(2) == 0);
                break;
            case FixedVector<sbyte> values:
                values.Append((sbyte)Number(sbyte.MinValue, sbyte.MaxValue));
                break;
            case FixedVector<short> values:
                values.Append((short)Number(short.MinValue, short.MaxValue));
                break;
            case FixedVector<int> { Type.Root: TypeRoot.Time } values:
                values.Append((int)Number(0, 86_399_999));
                break;
            case FixedVector<int> values:
                values.Append((int)Number(int.MinValue, int.MaxValue));
                break;
            case FixedVector<long> { Type: DecimalType type } values:
                var limit = (long)Math.Pow(10, type.Precision) - 1;
                values.Append(Number(-limit, limit));
                break;
            case FixedVector<long> values:
                values.Append(Number(long.MinValue, long.MaxValue));
                break;
            case FixedVector<Int128> values:
                values.Append((Int128)Number(long.MinValue, long.MaxValue) * Number(-1_000_000_000, 1_000_000_000));
                break;
            case FixedVector<NanoTimestamp> values:
                values.Append(new NanoTimestamp(Number(-100_000_000_000_000, 100_000_000_000_000), (int)Number(0, 999_999)));
                break;
            case FixedVector<float> values:
                values.Append((float)Floating());
                break;
            case FixedVector<double> values:
                values.Append(Floating());
                break;
            case BinaryVector { Type.Root: TypeRoot.Char or TypeRoot.VarChar } values:
                values.Append(string.Concat(Enumerable.Range(0, Length()).Select(_ => "\0aaébz"[_random.Next(6)])));
                break;
            case BinaryVector values:
                var bytes = values.AppendUninitialized(Length());
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)"\0\u0001\u007f\u00ff"[_random.Next(4)];
                }

                break;
            case ListVector list:
                Repeat(list.Elements);
                list.EndRow();
                break;
            case MapVector map:
                for (var i = _random.Next(4); i > 0; i--)
                {
                    Append(map.Keys);
                    Append(map.MapValues);
                }

                map.EndRow();
                break;
            case StructVector structure:
                foreach (var child in structure.Children)
                {
                    Append(child);
                }

                structure.EndRow();
                break;
        }
    }

    private void Repeat(ColumnVector column)
    {
        for (var i = _random.Next(4); i > 0; i--)
        {
            Append(column);
        }
    }

    private int Length() => _random.Next(3) == 0 ? 6 + _random.Next(14) : _random.Next(4);

    private long Number(long min, long max) => _random.Next(4) switch
    {
        0 => _random.Next(2) == 0 ? min : max,
        1 => _random.NextInt64(min, max),
        _ => Math.Clamp(_random.Next(-3, 4), min, max),
    };

    private double Floating() => _random.Next(IsFinite ? 3 : 0, 10) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => double.NegativeInfinity,
        3 => -0.0,
        4 => float.Epsilon,
        _ => _random.Next(-4, 5) / 2.0,
    };
}
