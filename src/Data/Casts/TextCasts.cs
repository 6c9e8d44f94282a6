using System.Globalization;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>BOOLEAN and numbers as texts of a length.</summary>
internal sealed class NumberToTextCast(LengthType type) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        Span<byte> text = stackalloc byte[64];
        TextLengthCast.Append(text[..NumberColumn.Format(values, row, text)], type, (BinaryVector)target);
    }
}

/// <summary>A text cut to a length in characters, or filled with blanks to it where the type is CHAR.</summary>
internal sealed class TextLengthCast(LengthType type) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target) =>
        Append(source[row], type, (BinaryVector)target);

    /// <summary>Appends a text.</summary>
    public static void Append(ReadOnlySpan<byte> text, LengthType type, BinaryVector target)
    {
        // A character has at least one byte.
        if (type.Root == TypeRoot.VarChar && text.Length <= type.Length)
        {
            target.Append(text);
            return;
        }

        var characters = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if ((text[i] & 0xC0) != 0x80 && characters++ == type.Length)
            {
                target.Append(text[..i]);
                return;
            }
        }

        if (type.Root == TypeRoot.VarChar)
        {
            target.Append(text);
            return;
        }

        var padded = target.AppendUninitialized(checked(text.Length + (type.Length - characters)));
        text.CopyTo(padded);
        padded[text.Length..].Fill((byte)' ');
    }
}

/// <summary>Bytes cut to a length, or filled with zeros to it where the type is BINARY.</summary>
internal sealed class ToBytesCast(LengthType type) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target)
    {
        var bytes = source[row];
        bytes = bytes.Length > type.Length ? bytes[..type.Length] : bytes;
        var length = type.Root == TypeRoot.Binary ? type.Length : bytes.Length;
        var filled = ((BinaryVector)target).AppendUninitialized(length);
        bytes.CopyTo(filled);
        filled[bytes.Length..].Clear();
    }
}

/// <summary>DATE, TIME and TIMESTAMP as text.</summary>
internal sealed class TimeToTextCast(DataType source, LocalZone zone) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        Span<byte> text = stackalloc byte[TemporalText.MaxBytes];
        var length = source switch
        {
            TemporalType { Root: TypeRoot.Time } time => FormatTime(((FixedVector<int>)values).Values[row], time.Precision, text),
            TemporalType { Root: TypeRoot.TimestampLtz } instant => TemporalText.FormatTimestamp(
                zone.ToLocal(TimestampColumn.Get(values, row)), instant.Precision, ' ', text),
            TemporalType timestamp => TemporalText.FormatTimestamp(TimestampColumn.Get(values, row), timestamp.Precision, ' ', text),
            _ => TemporalText.FormatDate(((FixedVector<int>)values).Values[row], text),
        };
        ((BinaryVector)target).Append(text[..length]);
    }

    /// <summary>A fraction loses its zeros at the end, save the first digit.</summary>
    private static int FormatTime(int millisOfDay, int precision, Span<byte> text)
    {
        var rest = millisOfDay % TemporalText.MillisPerDay;
        var length = TemporalText.FormatTime(rest < 0 ? rest + TemporalText.MillisPerDay : rest, text);
        var shortest = precision == 0 ? 8 : 10;
        length = Math.Min(length, precision == 0 ? 8 : 9 + precision);
        while (length > shortest && text[length - 1] == '0')
        {
            length--;
        }

        return length;
    }
}

/// <summary><c>t, true, y, yes, 1</c> and <c>f, false, n, no, 0</c> in any case.</summary>
internal sealed class TextToBooleanCast(DataType type) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target)
    {
        var text = source[row];
        if (IsAny(text, "t"u8, "true"u8, "y"u8, "yes"u8, "1"u8))
        {
            ((BooleanVector)target).Append(true);
        }
        else if (IsAny(text, "f"u8, "false"u8, "n"u8, "no"u8, "0"u8))
        {
            ((BooleanVector)target).Append(false);
        }
        else
        {
            CastErrors.Refuse(text, type);
        }
    }

    private static bool IsAny(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d, ReadOnlySpan<byte> e) =>
        System.Text.Ascii.EqualsIgnoreCase(text, a)
        || System.Text.Ascii.EqualsIgnoreCase(text, b)
        || System.Text.Ascii.EqualsIgnoreCase(text, c)
        || System.Text.Ascii.EqualsIgnoreCase(text, d)
        || System.Text.Ascii.EqualsIgnoreCase(text, e);
}

/// <summary>Texts as integers, whose fraction is cut, and as floating-point numbers.</summary>
internal sealed class TextToNumberCast(DataType type) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target)
    {
        var text = source[row];
        switch (target)
        {
            case FixedVector<float> floats:
                floats.Append(ToFloat(text));
                break;
            case FixedVector<double> doubles:
                doubles.Append(ToDouble(text));
                break;
            default:
                NumberColumn.AppendWrapped(target, ToInteger(text, target));
                break;
        }
    }

    private long ToInteger(ReadOnlySpan<byte> text, ColumnVector target)
    {
        var (min, max) = target switch
        {
            FixedVector<sbyte> => (sbyte.MinValue, sbyte.MaxValue),
            FixedVector<short> => (short.MinValue, short.MaxValue),
            FixedVector<int> => (int.MinValue, int.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (!TextParser.TryInteger(text, min, max, out var value))
        {
            CastErrors.Refuse(text, type);
        }

        return value;
    }

    private float ToFloat(ReadOnlySpan<byte> text)
    {
        var number = TextParser.FloatingNumber(text, out var special);
        if (number.IsEmpty)
        {
            return special is { } named ? (float)named : Refuse(text);
        }

        return float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : Refuse(text);
    }

    private double ToDouble(ReadOnlySpan<byte> text)
    {
        var number = TextParser.FloatingNumber(text, out var special);
        if (number.IsEmpty)
        {
            return special ?? Refuse(text);
        }

        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : Refuse(text);
    }

    private float Refuse(ReadOnlySpan<byte> text)
    {
        CastErrors.Refuse(text, type);
        return 0;
    }
}

/// <summary>Reads a text as a DATE (days since 1970-01-01) or a TIME (milliseconds of the day).</summary>
internal delegate bool CalendarParser(ReadOnlySpan<byte> text, out int value);

/// <summary>A text as DATE, where a whole number counts days, or as TIME, where it counts milliseconds.</summary>
internal sealed class TextToCalendarCast(DataType type, CalendarParser parse) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target)
    {
        var text = source[row];
        if (!parse(text, out var value))
        {
            CastErrors.Refuse(text, type);
        }

        ((FixedVector<int>)target).Append(value);
    }
}

/// <summary>
/// A text as TIMESTAMP, whose digits beyond the precision are cut; a whole number counts units of the precision, except for
/// the local-zone form.
/// </summary>
internal sealed class TextToTimestampCast(TemporalType type, LocalZone zone) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target)
    {
        var text = source[row];
        NanoTimestamp value;
        if (type.Root == TypeRoot.Timestamp && TextParser.IsWhole(text))
        {
            if (!TextParser.TryInteger(text, long.MinValue, long.MaxValue, out var units) || type.Precision % 3 != 0)
            {
                CastErrors.Refuse(text, type);
            }

            value = FromUnits(units);
        }
        else
        {
            if (!TextParser.TryTimestamp(text, type.Precision, out value))
            {
                CastErrors.Refuse(text, type);
            }

            value = type.Root == TypeRoot.Timestamp ? value : zone.ToInstant(value);
        }

        TimestampColumn.Append(target, value);
    }

    private NanoTimestamp FromUnits(long units)
    {
        switch (type.Precision)
        {
            case 0:
                return new NanoTimestamp(unchecked(units * 1000), 0);
            case 3:
                return new NanoTimestamp(units, 0);
            case 6:
                return NanoTimestamp.FromMicros(units);
            default:
                var millis = Math.DivRem(units, 1_000_000, out var nanos);
                return nanos < 0 ? new NanoTimestamp(millis - 1, (int)nanos + 1_000_000) : new NanoTimestamp(millis, (int)nanos);
        }
    }
}
