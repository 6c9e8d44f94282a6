using System.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>
/// Reads single values of column vectors as CLR values: the edge where applications take rows out. Code that reads many rows
/// reads the vectors themselves.
/// </summary>
public static class ValueReader
{
    /// <summary>The value of a row.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">0 to Length - 1.</param>
    /// <returns>
    /// null for NULL; bool, sbyte, short, int, long, float, double; decimal, or the text where a DECIMAL does not fit; string;
    /// byte[]; DateOnly, TimeOnly, DateTime (its kind Unspecified for TIMESTAMP, UTC for the local-zone form), or the text
    /// where the year is not 1 to 9999 or there are nanoseconds; object?[] for ARRAY and ROW; a list of pairs for MAP and
    /// MULTISET.
    /// </returns>
    public static object? GetValue(ColumnVector column, int row)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)column.Length);
        return column.IsNull(row) ? null : column switch
        {
            BooleanVector booleans => booleans[row],
            FixedVector<sbyte> bytes => bytes.Values[row],
            FixedVector<short> shorts => shorts.Values[row],
            FixedVector<int> { Type.Root: TypeRoot.Date } dates => ToDate(dates.Values[row]),
            FixedVector<int> { Type.Root: TypeRoot.Time } times => TimeOnly.MinValue.Add(TimeSpan.FromMilliseconds(times.Values[row])),
            FixedVector<int> ints => ints.Values[row],
            FixedVector<long> { Type: DecimalType type } decimals => ToDecimal(decimals.Values[row], type.Scale),
            FixedVector<long> { Type: TemporalType } => ToDateTime(column, row),
            FixedVector<long> longs => longs.Values[row],
            FixedVector<Int128> { Type: DecimalType type } decimals => ToDecimal(decimals.Values[row], type.Scale),
            FixedVector<NanoTimestamp> => ToDateTime(column, row),
            FixedVector<float> floats => floats.Values[row],
            FixedVector<double> doubles => doubles.Values[row],
            BinaryVector { Type.Root: TypeRoot.Char or TypeRoot.VarChar } texts => Encoding.UTF8.GetString(texts[row]),
            BinaryVector binary => binary[row].ToArray(),
            ListVector list => Range(list.Elements, list.Offsets[row], list.Offsets[row + 1]),
            StructVector structure => structure.Children.Select(child => GetValue(child, row)).ToArray(),
            MapVector map => Pairs(map, row),
            _ => throw new ArgumentException($"{column.Type} has no CLR value.", nameof(column)),
        };
    }

    private static object ToDate(int epochDay)
    {
        var day = (long)DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + epochDay;
        return day >= DateOnly.MinValue.DayNumber && day <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day)
            : TemporalText.FormatDate(epochDay);
    }

    private static object ToDecimal(Int128 unscaled, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(unscaled);
        return scale <= 28 && magnitude >> 96 == 0
            ? new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), unscaled < 0, (byte)scale)
            : DecimalText.Format(unscaled, scale);
    }

    private static bool TryToDateTime(ColumnVector column, int row, out DateTime time)
    {
        var value = TimestampColumn.Get(column, row);
        var ticks = ((Int128)value.EpochMillis * TimeSpan.TicksPerMillisecond) + (value.NanoOfMilli / 100) + DateTime.UnixEpoch.Ticks;
        var fits = value.NanoOfMilli % 100 == 0 && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
        var kind = column.Type.Root == TypeRoot.TimestampLtz ? DateTimeKind.Utc : DateTimeKind.Unspecified;
        time = fits ? new DateTime((long)ticks, kind) : default;
        return fits;
    }

    private static object ToDateTime(ColumnVector column, int row)
    {
        if (TryToDateTime(column, row, out var time))
        {
            return time;
        }

        object text = ValueText.FormatTime(column, row, 'T');
        return text;
    }

    private static object?[] Range(ColumnVector column, int start, int end)
    {
        var values = new object?[end - start];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = GetValue(column, start + i);
        }

        return values;
    }

    private static KeyValuePair<object?, object?>[] Pairs(MapVector map, int row)
    {
        var start = map.Offsets[row];
        var pairs = new KeyValuePair<object?, object?>[map.Offsets[row + 1] - start];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new(GetValue(map.Keys, start + i), GetValue(map.MapValues, start + i));
        }

        return pairs;
    }
}
