using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Texts as Paimon's casts read them, which is looser than what is written: <c>2024-1-2</c>, <c>2024</c> and
/// <c>2024-01-02 03:04:05</c> are dates, <c>1.5</c> is the integer 1. ASCII digits only, whatever the locale.
/// </summary>
internal static class TextParser
{
    private const int MaxFractionDigits = 9;

    /// <summary>A number between two bounds: sign, digits, and a fraction that does not count.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> text, long min, long max, out long value)
    {
        value = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        var rest = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var point = rest.IndexOf((byte)'.');
        var whole = point < 0 ? rest : rest[..point];
        if (rest.IsEmpty || !AreDigits(whole) || (point >= 0 && !AreDigits(rest[(point + 1)..])))
        {
            return false;
        }

        Int128 magnitude = 0;
        foreach (var digit in whole)
        {
            magnitude = (magnitude * 10) + (digit - '0');
            if (magnitude > (Int128)long.MaxValue + 1)
            {
                return false;
            }
        }

        magnitude = isNegative ? -magnitude : magnitude;
        value = unchecked((long)magnitude);
        return magnitude >= min && magnitude <= max;
    }

    /// <summary>True for digits, perhaps after a minus sign.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> text)
    {
        var digits = text.Length > 0 && text[0] == '-' ? text[1..] : text;
        return !digits.IsEmpty && AreDigits(digits);
    }

    /// <summary>
    /// The part of a text that is a floating-point number without blanks and without a suffix f or d; empty where it is none,
    /// or one of NaN and Infinity.
    /// </summary>
    public static ReadOnlySpan<byte> FloatingNumber(ReadOnlySpan<byte> text, out double? special)
    {
        special = null;
        var number = Trim(text);
        var unsigned = number.Length > 0 && number[0] is (byte)'-' or (byte)'+' ? number[1..] : number;
        if (unsigned.SequenceEqual("NaN"u8))
        {
            special = double.NaN;
            return default;
        }

        if (unsigned.SequenceEqual("Infinity"u8))
        {
            special = number[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return default;
        }

        if (unsigned.IsEmpty || unsigned[0] is not ((byte)'.' or >= (byte)'0' and <= (byte)'9'))
        {
            return default;
        }

        return unsigned[^1] is (byte)'f' or (byte)'F' or (byte)'d' or (byte)'D' ? number[..^1] : number;
    }

    /// <summary>A day: <c>y[-m[-d]]</c>, perhaps with something after a blank; or a whole number of days.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int epochDay)
    {
        if (IsWhole(text))
        {
            var fits = TryInteger(text, int.MinValue, int.MaxValue, out var days);
            epochDay = (int)days;
            return fits;
        }

        epochDay = 0;
        var blank = text.IndexOf((byte)' ');
        text = blank > 0 ? text[..blank] : text;
        var (month, day) = (1, 1);
        var first = text.IndexOf((byte)'-');
        if (!TryNumber(first < 0 ? text : text[..first], out var year))
        {
            return false;
        }

        if (first >= 0)
        {
            var rest = text[(first + 1)..];
            var second = rest.IndexOf((byte)'-');
            if (!TryNumber(second < 0 ? rest : rest[..second], out month)
                || (second >= 0 && !TryNumber(rest[(second + 1)..], out day)))
            {
                return false;
            }
        }

        if (year > 9999 || month is < 1 or > 12 || day < 1 || day > DaysOf(year, month))
        {
            return false;
        }

        epochDay = (int)TemporalText.FromCivil(year, month, day);
        return true;
    }

    /// <summary>
    /// A time of day, <c>h[:m[:s[.fraction]]]</c>, perhaps with an offset that is added or taken off; or a whole number of
    /// milliseconds. The result may lie outside the day.
    /// </summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out int millisOfDay)
    {
        if (IsWhole(text))
        {
            var fits = TryInteger(text, int.MinValue, int.MaxValue, out var millis);
            millisOfDay = (int)millis;
            return fits;
        }

        millisOfDay = 0;
        var (offsetHour, offsetMinute) = (0, 0);
        var sign = text.IndexOf((byte)'-');
        var direction = -1;
        if (sign < 0)
        {
            sign = text.IndexOf((byte)'+');
            direction = 1;
        }

        if (sign >= 0)
        {
            var offset = text[(sign + 1)..];
            var colon = offset.IndexOf((byte)':');
            if (!TryNumber(colon < 0 ? offset : offset[..colon], out offsetHour)
                || (colon >= 0 && !TryNumber(offset[(colon + 1)..], out offsetMinute)))
            {
                return false;
            }

            text = text[..sign];
        }

        if (!TryClock(text, out var hour, out var minute, out var second, out var milli))
        {
            return false;
        }

        millisOfDay = unchecked(((hour + (direction * offsetHour)) * 3_600_000)
            + ((minute + (direction * offsetMinute)) * 60_000) + (second * 1000) + milli);
        return true;
    }

    /// <summary>
    /// <c>yyyy-[m]m-[d]d[ [h]h:[m]m:[s]s[.fraction]]</c>; a day beyond the month's end is its last day, 24:00:00 the next day.
    /// </summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, int precision, out NanoTimestamp value)
    {
        value = default;
        if (!TryYear(ref text, out var year)
            || !TryTwoDigits(ref text, (byte)'-', out var month) || month is < 1 or > 12
            || !TryTwoDigits(ref text, (byte)'-', out var day) || day is < 1 or > 31)
        {
            return false;
        }

        var nanosOfDay = 0L;
        if (!text.IsEmpty && !TryTimeOfDay(text, precision, out nanosOfDay))
        {
            return false;
        }

        var epochDay = TemporalText.FromCivil(year, month, Math.Min(day, DaysOf(year, month)));
        value = new NanoTimestamp(
            (epochDay * TemporalText.MillisPerDay) + (nanosOfDay / 1_000_000), (int)(nanosOfDay % 1_000_000));
        return true;
    }

    /// <summary>Blanks and control characters at both ends do not count.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && text[0] <= ' ')
        {
            text = text[1..];
        }

        while (text.Length > 0 && text[^1] <= ' ')
        {
            text = text[..^1];
        }

        return text;
    }

    private static bool TryTimeOfDay(ReadOnlySpan<byte> text, int precision, out long nanosOfDay)
    {
        nanosOfDay = 0;
        if (!TryTwoDigits(ref text, (byte)' ', out var hour) || hour > 24
            || !TryTwoDigits(ref text, (byte)':', out var minute) || minute > 59
            || !TryTwoDigits(ref text, (byte)':', out var second) || second > 59)
        {
            return false;
        }

        var nanos = 0;
        if (!text.IsEmpty)
        {
            var fraction = text[1..];
            if (text[0] != '.' || fraction.Length > MaxFractionDigits || !AreDigits(fraction))
            {
                return false;
            }

            for (var i = 0; i < MaxFractionDigits; i++)
            {
                nanos = (nanos * 10) + (i < fraction.Length && i < precision ? fraction[i] - '0' : 0);
            }
        }

        nanosOfDay = (((((hour * 60L) + minute) * 60) + second) * 1_000_000_000) + nanos;
        return hour < 24 || (minute == 0 && second == 0 && nanos == 0);
    }

    private static bool TryYear(ref ReadOnlySpan<byte> text, out int year)
    {
        year = 0;
        var isLong = text.Length > 0 && text[0] == '+';
        var digits = isLong ? text[1..] : text;
        var length = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? digits.Length : length;
        if (isLong ? length is < 5 or > 9 : length != 4)
        {
            return false;
        }

        text = digits[length..];
        return TryNumber(digits[..length], out year) && year > 0;
    }

    private static bool TryTwoDigits(ref ReadOnlySpan<byte> text, byte separator, out int value)
    {
        value = 0;
        if (text.Length < 2 || text[0] != separator)
        {
            return false;
        }

        var length = text.Length > 2 && text[2] is >= (byte)'0' and <= (byte)'9' ? 2 : 1;
        var digits = text.Slice(1, length);
        text = text[(length + 1)..];
        return TryNumber(digits, out value);
    }

    private static bool TryClock(ReadOnlySpan<byte> text, out int hour, out int minute, out int second, out int milli)
    {
        (minute, second, milli) = (0, 0, 0);
        var colon = text.IndexOf((byte)':');
        if (!TryNumber(colon < 0 ? text : text[..colon], out hour))
        {
            return false;
        }

        if (colon < 0)
        {
            return true;
        }

        var rest = text[(colon + 1)..];
        colon = rest.IndexOf((byte)':');
        if (!TryNumber(colon < 0 ? rest : rest[..colon], out minute))
        {
            return false;
        }

        if (colon >= 0)
        {
            rest = rest[(colon + 1)..];
            var point = rest.IndexOf((byte)'.');
            if (!TryNumber(point < 0 ? rest : rest[..point], out second))
            {
                return false;
            }

            milli = point < 0 ? 0 : Millis(Trim(rest[(point + 1)..]));
        }

        return true;
    }

    /// <summary>Three digits of a fraction, the last rounded half up; what is no digit counts as 0.</summary>
    private static int Millis(ReadOnlySpan<byte> fraction)
    {
        var millis = 0;
        for (var i = 0; i < 3; i++)
        {
            millis = (millis * 10) + (i < fraction.Length && fraction[i] is >= (byte)'0' and <= (byte)'9' ? fraction[i] - '0' : 0);
        }

        return fraction.Length > 3 && fraction[3] >= '5' ? millis + 1 : millis;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int value)
    {
        text = Trim(text);
        value = 0;
        if (text.IsEmpty || !TryInteger(text, 0, int.MaxValue, out var number) || !AreDigits(text))
        {
            return false;
        }

        value = (int)number;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static int DaysOf(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
