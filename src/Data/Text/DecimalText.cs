using System.Globalization;
using System.Text;

namespace PaimonSharp.Data.Text;

/// <summary>Texts of DECIMAL values: an unscaled integer and a scale.</summary>
public static class DecimalText
{
    /// <summary>Bytes that hold every text.</summary>
    public const int MaxBytes = 42;

    private static readonly Int128[] Powers = MakePowers();

    /// <summary>Writes a value with all digits of its scale.</summary>
    /// <param name="unscaled">The value times 10 to the power of the scale.</param>
    /// <param name="scale">Digits after the point, 0 to 38.</param>
    /// <param name="utf8">At least <see cref="MaxBytes"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(Int128 unscaled, int scale, Span<byte> utf8)
    {
        Span<byte> digits = stackalloc byte[40];
        var magnitude = Int128.IsNegative(unscaled) ? (UInt128)(-unscaled) : (UInt128)unscaled;
        magnitude.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        var length = 0;
        if (Int128.IsNegative(unscaled))
        {
            utf8[length++] = (byte)'-';
        }

        var whole = count - scale;
        if (whole <= 0)
        {
            utf8[length++] = (byte)'0';
        }
        else
        {
            digits[..whole].CopyTo(utf8[length..]);
            length += whole;
        }

        if (scale > 0)
        {
            utf8[length++] = (byte)'.';
            for (; whole < 0; whole++)
            {
                utf8[length++] = (byte)'0';
            }

            digits[whole..count].CopyTo(utf8[length..]);
            length += count - whole;
        }

        return length;
    }

    /// <summary>A value's text with all digits of its scale.</summary>
    /// <param name="unscaled">The value times 10 to the power of the scale.</param>
    /// <param name="scale">Digits after the point, 0 to 38.</param>
    public static string Format(Int128 unscaled, int scale)
    {
        Span<byte> utf8 = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(utf8[..Format(unscaled, scale, utf8)]);
    }

    /// <summary>Reads a number: sign, digits, point, digits, exponent.</summary>
    /// <param name="text">The number.</param>
    /// <param name="unscaled">The number times 10 to the power of the scale.</param>
    /// <param name="scale">The scale, 0 or more.</param>
    /// <returns>False when the text is no number or has more than 38 digits.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Int128 unscaled, out int scale)
    {
        unscaled = 0;
        scale = 0;
        text = text.Trim();
        var negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
        {
            text = text[1..];
        }

        var exponentAt = text.IndexOfAny('e', 'E');
        var exponent = 0;
        if (exponentAt >= 0)
        {
            if (!int.TryParse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || exponent is > 1000 or < -1000)
            {
                return false;
            }

            text = text[..exponentAt];
        }

        return TryParseDigits(text, ref unscaled, ref scale) && TryApply(exponent, ref unscaled, ref scale, negative);
    }

    /// <summary>Brings a value to another scale.</summary>
    /// <param name="unscaled">The value times 10 to the power of <paramref name="fromScale"/>.</param>
    /// <param name="fromScale">Its scale.</param>
    /// <param name="precision">The digits it may have in the end.</param>
    /// <param name="scale">The scale wanted.</param>
    /// <param name="rescaled">The value times 10 to the power of <paramref name="scale"/>, rounded half away from zero.</param>
    /// <param name="isExact">False when digits were rounded away.</param>
    /// <returns>False when the value has more digits than the precision.</returns>
    public static bool TryRescale(
        Int128 unscaled, int fromScale, int precision, int scale, out Int128 rescaled, out bool isExact)
    {
        rescaled = unscaled;
        isExact = true;
        if (scale > fromScale)
        {
            var factor = scale - fromScale;
            if (unscaled != 0)
            {
                if (factor > 38 || Int128.Abs(unscaled) > Powers[38] / Powers[factor])
                {
                    return false;
                }

                rescaled = unscaled * Powers[factor];
            }
        }
        else if (scale < fromScale)
        {
            var factor = fromScale - scale;
            if (factor > 38)
            {
                rescaled = 0;
                isExact = unscaled == 0;
            }
            else
            {
                var (quotient, rest) = Int128.DivRem(unscaled, Powers[factor]);
                isExact = rest == 0;
                rescaled = quotient + (Int128.Abs(rest) >= Powers[factor] - Int128.Abs(rest) ? Int128.Sign(unscaled) : 0);
            }
        }

        return Fits(rescaled, precision);
    }

    /// <summary>True when a value has no more digits than a precision.</summary>
    /// <param name="unscaled">The unscaled value.</param>
    /// <param name="precision">Digits, 1 to 38.</param>
    public static bool Fits(Int128 unscaled, int precision) => unscaled < Powers[precision] && unscaled > -Powers[precision];

    /// <summary>10 to a power.</summary>
    /// <param name="exponent">0 to 38.</param>
    public static Int128 PowerOfTen(int exponent) => Powers[exponent];

    private static bool TryParseDigits(ReadOnlySpan<char> text, ref Int128 unscaled, ref int scale)
    {
        var point = false;
        var any = false;
        foreach (var c in text)
        {
            if (c == '.' && !point)
            {
                point = true;
                continue;
            }

            if (!char.IsAsciiDigit(c) || unscaled >= Powers[37] * 10)
            {
                return false;
            }

            any = true;
            unscaled = (unscaled * 10) + (c - '0');
            scale += point ? 1 : 0;
            if (unscaled >= Powers[38])
            {
                return false;
            }
        }

        return any;
    }

    private static bool TryApply(int exponent, ref Int128 unscaled, ref int scale, bool negative)
    {
        scale -= exponent;
        if (unscaled == 0)
        {
            scale = Math.Max(0, Math.Min(scale, 38));
            return true;
        }

        for (; scale < 0; scale++)
        {
            if (unscaled >= Powers[37])
            {
                return false;
            }

            unscaled *= 10;
        }

        unscaled = negative ? -unscaled : unscaled;
        return true;
    }

    private static Int128[] MakePowers()
    {
        var powers = new Int128[39];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
