using System.Globalization;
using System.Numerics;
using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>CLR objects to and from column vectors, for the row-level edge of the API.</summary>
internal static class RowValues
{
    private const int UnixEpochDay = 719_162;

    /// <summary>The value of a row as an object; see <see cref="Row.GetValue(int)"/>.</summary>
    public static object? Read(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
        {
            return null;
        }

        return vector switch
        {
            BooleanVector booleans => booleans[row],
            FixedVector<sbyte> values => values.Values[row],
            FixedVector<short> values => values.Values[row],
            FixedVector<int> values => ReadInt(vector.Type.Root, values.Values[row]),
            FixedVector<long> values => ReadLong(vector.Type, values.Values[row]),
            FixedVector<float> values => values.Values[row],
            FixedVector<double> values => values.Values[row],
            FixedVector<Int128> values => ReadDecimal(values.Values[row], ((DecimalType)vector.Type).Scale),
            FixedVector<NanoTimestamp> values => ReadNanos(vector.Type.Root, values.Values[row]),
            BinaryVector bytes => vector.Type.Root is TypeRoot.Char or TypeRoot.VarChar
                ? Encoding.UTF8.GetString(bytes[row])
                : bytes[row].ToArray(),
            ListVector list => ReadList(list, row),
            _ => throw new PaimonException(ErrorKind.Unsupported, $"Values of {vector.Type} cannot be read as objects."),
        };
    }

    /// <summary>Appends an object; the reverse of <see cref="Read"/>, with the usual widenings and texts.</summary>
    /// <exception cref="ArgumentException">The object does not suit the column.</exception>
    public static void Append(ColumnVector vector, object? value, string column)
    {
        if (value is null)
        {
            vector.AppendNull();
            return;
        }

        try
        {
            AppendValue(vector, value);
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw new ArgumentException(
                $"Column '{column}' is {vector.Type}; it cannot hold {value} ({value.GetType().Name}).", nameof(value), e);
        }
    }

    private static void AppendValue(ColumnVector vector, object value)
    {
        var culture = CultureInfo.InvariantCulture;
        switch (vector)
        {
            case BooleanVector booleans: booleans.Append(Convert.ToBoolean(value, culture)); break;
            case FixedVector<sbyte> values: values.Append(Convert.ToSByte(value, culture)); break;
            case FixedVector<short> values: values.Append(Convert.ToInt16(value, culture)); break;
            case FixedVector<int> values: values.Append(ToInt(vector.Type.Root, value)); break;
            case FixedVector<long> values: values.Append(ToLong(vector.Type, value)); break;
            case FixedVector<float> values: values.Append(Convert.ToSingle(value, culture)); break;
            case FixedVector<double> values: values.Append(Convert.ToDouble(value, culture)); break;
            case FixedVector<Int128> values: values.Append(Unscale((DecimalType)vector.Type, value)); break;
            case FixedVector<NanoTimestamp> values: values.Append(ToNanos(value)); break;
            case BinaryVector bytes when value is byte[] array: bytes.Append(array); break;
            case BinaryVector bytes when vector.Type.Root is TypeRoot.Char or TypeRoot.VarChar:
                bytes.Append(Convert.ToString(value, culture).AsSpan());
                break;
            case ListVector list when value is System.Collections.IEnumerable elements: AppendList(list, elements); break;
            default: throw new InvalidCastException();
        }
    }

    private static void AppendList(ListVector list, System.Collections.IEnumerable elements)
    {
        foreach (var element in elements)
        {
            Append(list.Elements, element, "element");
        }

        list.EndRow();
    }

    private static object ReadInt(TypeRoot root, int value) => root switch
    {
        TypeRoot.Date => DateOnly.FromDayNumber(value + UnixEpochDay),
        TypeRoot.Time => new TimeOnly(value * TimeSpan.TicksPerMillisecond),
        _ => value,
    };

    private static object ReadLong(DataType type, long value) => type switch
    {
        DecimalType number => ReadDecimal(value, number.Scale),
        TemporalType time => ReadTicks(time.Root, time.Precision <= 3 ? value * 10_000 : value * 10),
        _ => value,
    };

    private static object ReadNanos(TypeRoot root, NanoTimestamp value) =>
        ReadTicks(root, (value.EpochMillis * 10_000) + (value.NanoOfMilli / 100));

    private static object ReadTicks(TypeRoot root, long ticks) => root == TypeRoot.TimestampLtz
        ? DateTimeOffset.UnixEpoch.AddTicks(ticks)
        : new DateTime(DateTime.UnixEpoch.Ticks + ticks, DateTimeKind.Unspecified);

    private static object ReadDecimal(Int128 unscaled, int scale)
    {
        var magnitude = (UInt128)Int128.Abs(unscaled);
        return scale <= 28 && magnitude >> 96 == UInt128.Zero
            ? MakeDecimal(magnitude, unscaled < 0, scale)
            : FormatDecimal(magnitude, unscaled < 0, scale);
    }

    private static decimal MakeDecimal(UInt128 magnitude, bool isNegative, int scale)
    {
        var low = (ulong)magnitude;
        return new decimal((int)low, (int)(low >> 32), (int)(ulong)(magnitude >> 64), isNegative, (byte)scale);
    }

    private static string FormatDecimal(UInt128 magnitude, bool isNegative, int scale)
    {
        var digits = magnitude.ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var point = digits.Length - scale;
        return (isNegative ? "-" : "") + digits[..point] + (scale == 0 ? "" : "." + digits[point..]);
    }

    private static object?[] ReadList(ListVector list, int row)
    {
        var start = list.Offsets[row];
        var values = new object?[list.Offsets[row + 1] - start];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Read(list.Elements, start + i);
        }

        return values;
    }

    private static int ToInt(TypeRoot root, object value) => (root, value) switch
    {
        (TypeRoot.Date, DateOnly date) => date.DayNumber - UnixEpochDay,
        (TypeRoot.Date, DateTime time) => DateOnly.FromDateTime(time).DayNumber - UnixEpochDay,
        (TypeRoot.Time, TimeOnly time) => (int)(time.Ticks / TimeSpan.TicksPerMillisecond),
        (TypeRoot.Time, TimeSpan time) => (int)(time.Ticks / TimeSpan.TicksPerMillisecond),
        _ => Convert.ToInt32(value, CultureInfo.InvariantCulture),
    };

    private static long ToLong(DataType type, object value) => type switch
    {
        DecimalType number => (long)Unscale(number, value),
        TemporalType time => Floor(ToTicks(value), time.Precision <= 3 ? 10_000 : 10),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    private static NanoTimestamp ToNanos(object value)
    {
        var ticks = ToTicks(value);
        var millis = Floor(ticks, 10_000);
        return new NanoTimestamp(millis, (int)(ticks - (millis * 10_000)) * 100);
    }

    private static long ToTicks(object value) => value switch
    {
        DateTimeOffset time => (time - DateTimeOffset.UnixEpoch).Ticks,
        DateTime { Kind: DateTimeKind.Local } time => (time.ToUniversalTime() - DateTime.UnixEpoch).Ticks,
        DateTime time => time.Ticks - DateTime.UnixEpoch.Ticks,
        _ => throw new InvalidCastException(),
    };

    private static long Floor(long value, long divisor) =>
        (value / divisor) - (value % divisor < 0 ? 1 : 0);

    private static Int128 Unscale(DecimalType type, object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? throw new InvalidCastException();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        if (fraction.Length > type.Scale)
        {
            throw new OverflowException();
        }

        var digits = (point < 0 ? text : text[..point]) + fraction.PadRight(type.Scale, '0');
        var unscaled = Int128.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Int128.Abs(unscaled) < (Int128)BigInteger.Pow(10, type.Precision) ? unscaled : throw new OverflowException();
    }
}
