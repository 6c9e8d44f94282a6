using System.Globalization;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>Numbers of every width, one at a time.</summary>
internal static class NumberColumn
{
    /// <summary>An integer's value.</summary>
    public static long Integer(ColumnVector column, int row) => column switch
    {
        FixedVector<sbyte> bytes => bytes.Values[row],
        FixedVector<short> shorts => shorts.Values[row],
        FixedVector<int> ints => ints.Values[row],
        _ => ((FixedVector<long>)column).Values[row],
    };

    /// <summary>A DECIMAL's unscaled value.</summary>
    public static Int128 Unscaled(ColumnVector column, int row) =>
        column is FixedVector<Int128> wide ? wide.Values[row] : ((FixedVector<long>)column).Values[row];

    /// <summary>Appends an unscaled value to a column of DECIMAL.</summary>
    public static void AppendUnscaled(ColumnVector column, Int128 unscaled)
    {
        if (column is FixedVector<Int128> wide)
        {
            wide.Append(unscaled);
        }
        else
        {
            ((FixedVector<long>)column).Append((long)unscaled);
        }
    }

    /// <summary>Appends an integer to a column of any integer or floating-point type; it wraps where it does not fit.</summary>
    public static void AppendWrapped(ColumnVector column, long value)
    {
        switch (column)
        {
            case FixedVector<sbyte> bytes: bytes.Append((sbyte)value); break;
            case FixedVector<short> shorts: shorts.Append((short)value); break;
            case FixedVector<int> ints: ints.Append((int)value); break;
            case FixedVector<long> longs: longs.Append(value); break;
            case FixedVector<float> floats: floats.Append(value); break;
            default: ((FixedVector<double>)column).Append(value); break;
        }
    }

    /// <summary>The text of a BOOLEAN or a number.</summary>
    /// <returns>The bytes written.</returns>
    public static int Format(ColumnVector column, int row, Span<byte> utf8)
    {
        switch (column)
        {
            case BooleanVector booleans:
                var text = booleans[row] ? "true"u8 : "false"u8;
                text.CopyTo(utf8);
                return text.Length;
            case FixedVector<float> floats:
                return Text.FloatingText.Format(floats.Values[row], utf8);
            case FixedVector<double> doubles:
                return Text.FloatingText.Format(doubles.Values[row], utf8);
            case { Type: DecimalType type }:
                return Text.DecimalText.Format(Unscaled(column, row), type.Scale, utf8);
            default:
                Integer(column, row).TryFormat(utf8, out var length, default, CultureInfo.InvariantCulture);
                return length;
        }
    }
}
