using System.Globalization;
using System.Text;

namespace PaimonSharp.Data.Text;

/// <summary>
/// Texts of FLOAT and DOUBLE values as Paimon prints them: the fewest digits that tell the value apart, always with a point,
/// with an exponent below 1E-3 and from 1E7 on: <c>1.0</c>, <c>1.0E7</c>, <c>NaN</c>, <c>-Infinity</c>.
/// </summary>
public static class FloatingText
{
    /// <summary>Bytes that hold every text.</summary>
    public const int MaxBytes = 32;

    private const double TinyDouble = 1e-300;
    private const float TinyFloat = 1e-37f;

    /// <summary>Writes a DOUBLE.</summary>
    /// <param name="value">The value.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(double value, Span<byte> utf8)
    {
        Span<byte> shortest = stackalloc byte[MaxBytes];
        value.TryFormat(shortest, out var length, Math.Abs(value) < TinyDouble ? Tiny(value) : "R", CultureInfo.InvariantCulture);
        return Layout(shortest[..length], value, utf8);
    }

    /// <summary>Writes a FLOAT.</summary>
    /// <param name="value">The value.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(float value, Span<byte> utf8)
    {
        Span<byte> shortest = stackalloc byte[MaxBytes];
        value.TryFormat(shortest, out var length, Math.Abs(value) < TinyFloat ? Tiny(value) : "R", CultureInfo.InvariantCulture);
        return Layout(shortest[..length], value, utf8);
    }

    /// <summary>The text of a DOUBLE.</summary>
    /// <param name="value">The value.</param>
    public static string Format(double value)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..Format(value, utf8)]);
    }

    /// <summary>The text of a FLOAT.</summary>
    /// <param name="value">The value.</param>
    public static string Format(float value)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..Format(value, utf8)]);
    }

    // Of the texts of two digits the nearest is taken, even where one digit would do: 4.9E-324, not 5.0E-324.
    private static string Tiny(double value) =>
        double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == value ? "E1" : "R";

    private static string Tiny(float value) =>
        float.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) == value ? "E1" : "R";

    private static int Layout(ReadOnlySpan<byte> shortest, double value, Span<byte> utf8)
    {
        if (!double.IsFinite(value))
        {
            return Copy(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8, utf8);
        }

        if (value == 0)
        {
            return Copy(double.IsNegative(value) ? "-0.0"u8 : "0.0"u8, utf8);
        }

        Span<byte> digits = stackalloc byte[MaxBytes];
        var count = Digits(shortest, digits, out var exponent);
        var length = 0;
        if (value < 0)
        {
            utf8[length++] = (byte)'-';
        }

        return exponent is < -3 or >= 7
            ? Scientific(digits[..count], exponent, utf8, length)
            : Plain(digits[..count], exponent, utf8, length);
    }

    /// <summary>The significant digits; the exponent is that of the first of them.</summary>
    private static int Digits(ReadOnlySpan<byte> shortest, Span<byte> digits, out int exponent)
    {
        var mark = shortest.IndexOf((byte)'E');
        exponent = mark < 0 ? 0 : int.Parse(shortest[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var count = 0;
        var seenPoint = false;
        var whole = 0;
        foreach (var b in mantissa)
        {
            if (b == '.')
            {
                seenPoint = true;
            }
            else if (b is >= (byte)'0' and <= (byte)'9')
            {
                whole += seenPoint ? 0 : 1;
                digits[count++] = b;
            }
        }

        var zeros = 0;
        while (digits[zeros] == '0')
        {
            zeros++;
        }

        exponent += whole - 1 - zeros;
        while (digits[count - 1] == '0')
        {
            count--;
        }

        digits[zeros..count].CopyTo(digits);
        return count - zeros;
    }

    private static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> utf8, int length)
    {
        utf8[length++] = digits[0];
        utf8[length++] = (byte)'.';
        length += digits.Length > 1 ? Copy(digits[1..], utf8[length..]) : Copy("0"u8, utf8[length..]);
        utf8[length++] = (byte)'E';
        exponent.TryFormat(utf8[length..], out var written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    private static int Plain(ReadOnlySpan<byte> digits, int exponent, Span<byte> utf8, int length)
    {
        for (var position = Math.Min(exponent, 0); position < digits.Length || position <= exponent + 1; position++)
        {
            utf8[length++] = position >= 0 && position < digits.Length ? digits[position] : (byte)'0';
            if (position == Math.Max(exponent, 0) + Math.Min(exponent, 0))
            {
                utf8[length++] = (byte)'.';
            }
        }

        return length;
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> utf8)
    {
        text.CopyTo(utf8);
        return text.Length;
    }
}
