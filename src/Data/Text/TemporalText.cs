using System.Globalization;
using System.Text;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>
/// Texts of DATE, TIME and TIMESTAMP values, in the proleptic Gregorian calendar of any year: <c>2024-02-29</c>,
/// <c>12:34:56.789</c>, <c>2024-02-29T12:34:56.789</c>. Years beyond 9999 have a sign.
/// </summary>
public static class TemporalText
{
    /// <summary>Bytes that hold every text.</summary>
    public const int MaxBytes = 48;

    /// <summary>Milliseconds of a day.</summary>
    public const int MillisPerDay = 86_400_000;

    private const int DaysPerEra = 146_097;
    private const int DaysFromYear0 = 719_468;

    /// <summary>Writes a date.</summary>
    /// <param name="epochDay">Days since 1970-01-01.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int FormatDate(long epochDay, Span<byte> utf8)
    {
        var (year, month, day) = ToCivil(epochDay);
        var length = 0;
        if (year is < 0 or > 9999)
        {
            utf8[length++] = (byte)(year < 0 ? '-' : '+');
        }

        Math.Abs(year).TryFormat(utf8[length..], out var written, "0000", CultureInfo.InvariantCulture);
        length += written;
        utf8[length++] = (byte)'-';
        length += Two(month, utf8[length..]);
        utf8[length++] = (byte)'-';
        return length + Two(day, utf8[length..]);
    }

    /// <summary>A date's text.</summary>
    /// <param name="epochDay">Days since 1970-01-01.</param>
    public static string FormatDate(long epochDay)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..FormatDate(epochDay, utf8)]);
    }

    /// <summary>Writes a time of day with three digits of the second's fraction.</summary>
    /// <param name="millisOfDay">Milliseconds of the day.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int FormatTime(int millisOfDay, Span<byte> utf8)
    {
        var length = FormatSeconds(millisOfDay / 1000, utf8);
        return length + FormatFraction(millisOfDay % 1000 * 1_000_000, 3, utf8[length..]);
    }

    /// <summary>A time of day's text, with three digits of the second's fraction.</summary>
    /// <param name="millisOfDay">Milliseconds of the day.</param>
    public static string FormatTime(int millisOfDay)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..FormatTime(millisOfDay, utf8)]);
    }

    /// <summary>Writes a date and time.</summary>
    /// <param name="value">The time.</param>
    /// <param name="precision">Digits of the second's fraction; more are written where the value has them.</param>
    /// <param name="separator">What stands between date and time: <c>T</c> or a space.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int FormatTimestamp(NanoTimestamp value, int precision, char separator, Span<byte> utf8)
    {
        var epochDay = Math.DivRem(value.EpochMillis, MillisPerDay, out var millisOfDay);
        if (millisOfDay < 0)
        {
            epochDay--;
            millisOfDay += MillisPerDay;
        }

        var length = FormatDate(epochDay, utf8);
        utf8[length++] = (byte)separator;
        length += FormatSeconds((int)(millisOfDay / 1000), utf8[length..]);
        return length + FormatFraction(((int)(millisOfDay % 1000) * 1_000_000) + value.NanoOfMilli, precision, utf8[length..]);
    }

    /// <summary>A date and time's text.</summary>
    /// <param name="value">The time.</param>
    /// <param name="precision">Digits of the second's fraction; more are written where the value has them.</param>
    /// <param name="separator">What stands between date and time.</param>
    public static string FormatTimestamp(NanoTimestamp value, int precision, char separator = 'T')
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..FormatTimestamp(value, precision, separator, utf8)]);
    }

    /// <summary>Reads a date, <c>[+-]YYYY-MM-DD</c>.</summary>
    /// <param name="text">The date.</param>
    /// <param name="epochDay">Days since 1970-01-01.</param>
    /// <returns>False when the text is no date that exists.</returns>
    public static bool TryParseDate(ReadOnlySpan<char> text, out int epochDay)
    {
        var isDate = TryParseDay(text, out var day);
        epochDay = (int)day;
        return isDate && epochDay == day;
    }

    /// <summary>Reads a time of day, <c>HH:MM[:SS[.fraction]]</c>.</summary>
    /// <param name="text">The time.</param>
    /// <param name="nanosOfDay">Nanoseconds of the day.</param>
    /// <returns>False when the text is no time of a day.</returns>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long nanosOfDay)
    {
        nanosOfDay = 0;
        var second = 0;
        var nanos = 0;
        if (text.Length < 5 || text[2] != ':'
            || !TryNumber(text[..2], out var hour) || hour > 23
            || !TryNumber(text.Slice(3, 2), out var minute) || minute > 59)
        {
            return false;
        }

        if (text.Length > 5
            && (text.Length < 8 || text[5] != ':' || !TryNumber(text.Slice(6, 2), out second) || second > 59
                || !TryFraction(text[8..], out nanos)))
        {
            return false;
        }

        nanosOfDay = (((((hour * 60L) + minute) * 60) + second) * 1_000_000_000) + nanos;
        return true;
    }

    /// <summary>
    /// Reads a date and time, divided by <c>T</c> or a space, or a date alone. A <c>Z</c> or an offset such as <c>+02:00</c>
    /// at the end is taken off the time.
    /// </summary>
    /// <param name="text">The date and time.</param>
    /// <param name="value">The time, in UTC where the text has an offset.</param>
    /// <returns>False when the text is no time that exists.</returns>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out NanoTimestamp value)
    {
        value = default;
        var nanos = 0L;
        var offsetMinutes = 0;
        var split = text.IndexOfAny('T', ' ');
        if (split >= 0)
        {
            var time = text[(split + 1)..];
            if (!TryTakeOffset(ref time, out offsetMinutes) || !TryParseTime(time, out nanos))
            {
                return false;
            }

            text = text[..split];
        }

        if (!TryParseDay(text, out var epochDay))
        {
            return false;
        }

        var millis = ((Int128)epochDay * MillisPerDay) + (nanos / 1_000_000) - (offsetMinutes * 60_000L);
        value = new NanoTimestamp((long)millis, (int)(nanos % 1_000_000));
        return value.EpochMillis == millis;
    }

    internal static (long Year, int Month, int Day) ToCivil(long epochDay)
    {
        var shifted = epochDay + DaysFromYear0;
        var era = (shifted >= 0 ? shifted : shifted - (DaysPerEra - 1)) / DaysPerEra;
        var dayOfEra = (int)(shifted - (era * DaysPerEra));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1);
    }

    internal static long FromCivil(long year, int month, int day)
    {
        var shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * DaysPerEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DaysFromYear0;
    }

    private static bool TryParseDay(ReadOnlySpan<char> text, out long epochDay)
    {
        epochDay = 0;
        var signed = text.Length > 0 && text[0] is '-' or '+';
        var rest = signed ? text[1..] : text;
        var dash = rest.IndexOf('-');
        if (dash is < 1 or > 9 || rest.Length != dash + 6 || rest[dash + 3] != '-'
            || !TryNumber(rest[..dash], out var year)
            || !TryNumber(rest.Slice(dash + 1, 2), out var month)
            || !TryNumber(rest.Slice(dash + 4, 2), out var day)
            || month is < 1 or > 12)
        {
            return false;
        }

        year = signed && text[0] == '-' ? -year : year;
        var leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (day < 1 || day > (month == 2 && leap ? 29 : DateTime.DaysInMonth(2001, month)))
        {
            return false;
        }

        epochDay = FromCivil(year, month, day);
        return true;
    }

    private static int FormatSeconds(int secondOfDay, Span<byte> utf8)
    {
        Two(secondOfDay / 3600, utf8);
        utf8[2] = (byte)':';
        Two(secondOfDay / 60 % 60, utf8[3..]);
        utf8[5] = (byte)':';
        Two(secondOfDay % 60, utf8[6..]);
        return 8;
    }

    private static int FormatFraction(int nanoOfSecond, int precision, Span<byte> utf8)
    {
        Span<byte> digits = stackalloc byte[9];
        var length = precision;
        for (var i = 8; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (nanoOfSecond % 10));
            length = nanoOfSecond % 10 != 0 ? Math.Max(length, i + 1) : length;
            nanoOfSecond /= 10;
        }

        if (length == 0)
        {
            return 0;
        }

        utf8[0] = (byte)'.';
        digits[..length].CopyTo(utf8[1..]);
        return length + 1;
    }

    private static int Two(int value, Span<byte> utf8)
    {
        utf8[0] = (byte)('0' + (value / 10));
        utf8[1] = (byte)('0' + (value % 10));
        return 2;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryFraction(ReadOnlySpan<char> text, out int nanos)
    {
        nanos = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '.' || text.Length is < 2 or > 10 || !TryNumber(text[1..], out nanos))
        {
            return false;
        }

        for (var i = text.Length; i < 10; i++)
        {
            nanos *= 10;
        }

        return true;
    }

    private static bool TryTakeOffset(ref ReadOnlySpan<char> time, out int minutes)
    {
        minutes = 0;
        if (time.EndsWith("Z"))
        {
            time = time[..^1].TrimEnd();
            return true;
        }

        var sign = time.LastIndexOfAny('+', '-');
        if (sign < 0)
        {
            return true;
        }

        var offset = time[(sign + 1)..];
        if (offset.Length != 5 || offset[2] != ':'
            || !TryNumber(offset[..2], out var hour) || !TryNumber(offset[3..], out var minute) || hour > 18 || minute > 59)
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (time[sign] == '-' ? -1 : 1);
        time = time[..sign].TrimEnd();
        return true;
    }
}
