using System.Globalization;
using System.Numerics;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Text;

/// <summary>From CLR values and texts to the stored values of scalar types, with checks.</summary>
internal static class ValueConversions
{
    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    public static PaimonException Refuse(DataType type, object value)
    {
        var text = value is string or ValueType ? $"'{value}' ({value.GetType().Name})" : value.GetType().Name;
        return new PaimonException(ErrorKind.Invalid, $"{text} is no value of {type}.");
    }

    public static bool ToBoolean(DataType type, object value) => value switch
    {
        bool boolean => boolean,
        string text when bool.TryParse(text, out var boolean) => boolean,
        "1" => true,
        "0" => false,
        _ => throw Refuse(type, value),
    };

    public static BigInteger ToInteger(DataType type, object value, long min, long max)
    {
        BigInteger number = value switch
        {
            sbyte n => n,
            byte n => n,
            short n => n,
            ushort n => n,
            int n => n,
            uint n => n,
            long n => n,
            ulong n => n,
            Int128 n => n,
            decimal n when decimal.Truncate(n) == n => new BigInteger(n),
            string text when BigInteger.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) => n,
            _ => throw Refuse(type, value),
        };
        return number >= min && number <= max
            ? number
            : throw new PaimonException(ErrorKind.Invalid, $"{number} is outside the range of {type}, {min} to {max}.");
    }

    public static double ToFloating(DataType type, object value) => value switch
    {
        double n => n,
        float n => n,
        decimal n => (double)n,
        sbyte or byte or short or ushort or int or uint or long or ulong => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        Int128 n => (double)n,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        string text when TryFloating(type, text, out var n) => n,
        _ => throw Refuse(type, value),
    };

    public static void AppendDecimal(ColumnVector column, DecimalType type, object value)
    {
        var (unscaled, scale) = value switch
        {
            decimal n => FromDecimal(n),
            sbyte or byte or short or ushort or int or uint or long => (Convert.ToInt64(value, CultureInfo.InvariantCulture), 0),
            ulong n => ((Int128)n, 0),
            Int128 n => (n, 0),
            string text when DecimalText.TryParse(text, out var digits, out var places) => (digits, places),
            _ => throw Refuse(type, value),
        };
        if (!DecimalText.TryRescale(unscaled, scale, type.Precision, type.Scale, out var rescaled, out var isExact) || !isExact)
        {
            PaimonException.ThrowInvalid($"'{value}' does not fit in {type} without rounding.");
        }

        if (column is FixedVector<long> compact)
        {
            compact.Append((long)rescaled);
        }
        else
        {
            ((FixedVector<Int128>)column).Append(rescaled);
        }
    }

    public static int ToEpochDay(DataType type, object value) => value switch
    {
        DateOnly date => date.DayNumber - DateOnly.FromDateTime(Epoch).DayNumber,
        DateTime time when time.TimeOfDay == TimeSpan.Zero => (int)(time - Epoch).TotalDays,
        string text when TemporalText.TryParseDate(text.Trim(), out var day) => day,
        _ => throw Refuse(type, value),
    };

    public static int ToMillisOfDay(DataType type, object value)
    {
        var ticks = value switch
        {
            TimeOnly time => time.Ticks,
            TimeSpan time => time.Ticks,
            string text when TemporalText.TryParseTime(text.Trim(), out var nanos) && nanos % 100 == 0 => nanos / 100,
            _ => throw Refuse(type, value),
        };
        if (ticks < 0 || ticks >= TimeSpan.TicksPerDay || ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            PaimonException.ThrowInvalid(
                $"'{value}' is no value of {type}, which holds milliseconds from 00:00:00.000 to 23:59:59.999.");
        }

        return (int)(ticks / TimeSpan.TicksPerMillisecond);
    }

    public static NanoTimestamp ToTimestamp(DataType type, object value)
    {
        var isInstant = type.Root == TypeRoot.TimestampLtz;
        var timestamp = value switch
        {
            NanoTimestamp exact => exact,
            DateTimeOffset time => FromTicks((isInstant ? time.UtcDateTime : time.DateTime).Ticks - Epoch.Ticks),
            DateTime time => FromTicks((isInstant && time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks - Epoch.Ticks),
            DateOnly date => FromTicks(date.ToDateTime(TimeOnly.MinValue).Ticks - Epoch.Ticks),
            string text when TemporalText.TryParseTimestamp(text.Trim(), out var parsed) => parsed,
            _ => throw Refuse(type, value),
        };
        var precision = ((TemporalType)type).Precision;
        var lost = precision <= 3 ? timestamp.NanoOfMilli : precision <= 6 ? timestamp.NanoOfMilli % 1000 : 0;
        return lost == 0
            ? timestamp
            : throw new PaimonException(ErrorKind.Invalid, $"'{Exact(value)}' has more digits of a second than {type} holds; round it first.");
    }

    /// <summary>A time with all its digits, which its short text leaves out.</summary>
    private static object Exact(object value) => value is DateTime or DateTimeOffset
        ? string.Create(CultureInfo.InvariantCulture, $"{value:O}")
        : value;

    public static void AppendBytes(BinaryVector column, object value)
    {
        switch (value)
        {
            case string text when column.Type.Root is TypeRoot.Char or TypeRoot.VarChar:
                column.Append(text);
                break;
            case byte[] bytes:
                column.Append(bytes);
                break;
            case ReadOnlyMemory<byte> bytes:
                column.Append(bytes.Span);
                break;
            case char[] text when column.Type.Root is TypeRoot.Char or TypeRoot.VarChar:
                column.Append(text);
                break;
            case string text when TryHex(text, out var bytes):
                column.Append(bytes);
                break;
            default:
                throw Refuse(column.Type, value);
        }
    }

    // Binary as text: x'00ff', 0x00ff or 00ff.
    private static bool TryHex(string text, out byte[] bytes)
    {
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith("x'", StringComparison.OrdinalIgnoreCase) && digits.EndsWith("'"))
        {
            digits = digits[2..^1];
        }
        else if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        bytes = new byte[digits.Length / 2];
        return (digits.Length & 1) == 0 && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static bool TryFloating(DataType type, string text, out double number)
    {
        if (type.Root == TypeRoot.Float && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single))
        {
            number = single;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static (Int128 Unscaled, int Scale) FromDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        return (bits[3] < 0 ? -magnitude : magnitude, (bits[3] >> 16) & 0xFF);
    }

    private static NanoTimestamp FromTicks(long ticks)
    {
        var millis = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond, out var rest);
        return rest < 0
            ? new NanoTimestamp(millis - 1, (int)(rest + TimeSpan.TicksPerMillisecond) * 100)
            : new NanoTimestamp(millis, (int)rest * 100);
    }
}
