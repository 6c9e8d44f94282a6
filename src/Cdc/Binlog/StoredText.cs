using System.Buffers.Binary;
using System.Globalization;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>Decimals and times of row images as the server prints them; TIMESTAMP as seconds since 1970.</summary>
internal static class StoredText
{
    private const int MaxDecimalBytes = 36;

    public static string Of(WireColumn column, ReadOnlySpan<byte> value) => column.Code switch
    {
        ColumnCode.NewDecimal => Decimal(value, column.Metadata, column.Metadata2),
        ColumnCode.Date => Date(value),
        ColumnCode.Time2 => Time(value, column.Metadata),
        ColumnCode.DateTime2 => DateTime(value, column.Metadata),
        ColumnCode.Timestamp2 => BinaryPrimitives.ReadUInt32BigEndian(value).ToString(CultureInfo.InvariantCulture)
            + Fraction(ValueBytes.BigEndian(value[4..]), column.Metadata),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    /// <summary>
    /// Big-endian groups of nine digits in four bytes, odd digits first and last; the first bit is inverted, and all bits of a
    /// value below zero.
    /// </summary>
    public static string Decimal(ReadOnlySpan<byte> value, int precision, int scale)
    {
        Span<byte> bytes = stackalloc byte[MaxDecimalBytes];
        bytes = bytes[..value.Length];
        value.CopyTo(bytes);
        var isNegative = (bytes[0] & 0x80) == 0;
        bytes[0] ^= 0x80;
        if (isNegative)
        {
            foreach (ref var part in bytes)
            {
                part = (byte)~part;
            }
        }

        Span<char> text = stackalloc char[160];
        var whole = precision - scale;
        var at = 0;
        Digits(ref bytes, whole % 9, text, ref at);
        for (var i = 0; i < whole / 9; i++)
        {
            Digits(ref bytes, 9, text, ref at);
        }

        var head = text[..at].TrimStart('0');
        var wholeText = head.IsEmpty ? "0" : head.ToString();
        at = 0;
        for (var i = 0; i < scale / 9; i++)
        {
            Digits(ref bytes, 9, text, ref at);
        }

        Digits(ref bytes, scale % 9, text, ref at);
        return (isNegative ? "-" : string.Empty) + wholeText + (scale > 0 ? "." + text[..at].ToString() : string.Empty);
    }

    public static string Date(ReadOnlySpan<byte> value)
    {
        var bits = (uint)ValueBytes.LittleEndian(value);
        return string.Create(CultureInfo.InvariantCulture, $"{bits >> 9:0000}-{(bits >> 5) & 15:00}-{bits & 31:00}");
    }

    public static string Time(ReadOnlySpan<byte> value, int precision)
    {
        var fractionBits = (value.Length - 3) * 8;
        var packed = (long)ValueBytes.BigEndian(value) - (0x800000L << fractionBits);
        var sign = packed < 0 ? "-" : string.Empty;
        packed = Math.Abs(packed);
        var fraction = (ulong)(packed & ((1L << fractionBits) - 1));
        packed >>= fractionBits;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sign}{(packed >> 12) & 1023:00}:{(packed >> 6) & 63:00}:{packed & 63:00}{Fraction(fraction, precision)}");
    }

    public static string DateTime(ReadOnlySpan<byte> value, int precision)
    {
        var packed = (long)ValueBytes.BigEndian(value[..5]) - 0x8000000000;
        var months = (packed >> 22) & 0x1FFFF;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{months / 13:0000}-{months % 13:00}-{(packed >> 17) & 31:00} {(packed >> 12) & 31:00}:{(packed >> 6) & 63:00}:{packed & 63:00}")
            + Fraction(ValueBytes.BigEndian(value[5..]), precision);
    }

    /// <summary>A fraction is stored in pairs of digits.</summary>
    public static string Fraction(ulong value, int precision)
    {
        if (precision == 0)
        {
            return string.Empty;
        }

        var digits = value.ToString(CultureInfo.InvariantCulture).PadLeft((precision + 1) / 2 * 2, '0');
        return "." + digits[..precision];
    }

    private static void Digits(ref Span<byte> bytes, int digits, Span<char> text, ref int at)
    {
        var size = WireColumn.DecimalBytes(digits, 0);
        var value = ValueBytes.BigEndian(bytes[..size]);
        bytes = bytes[size..];
        for (var i = digits - 1; i >= 0; i--)
        {
            text[at + i] = (char)('0' + (value % 10));
            value /= 10;
        }

        at += digits;
    }
}
