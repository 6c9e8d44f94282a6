using System.Globalization;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>An integer as DECIMAL; NULL where it has too many digits.</summary>
internal sealed class IntegerToDecimalCast(DecimalType type) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector source, int row, ColumnVector target)
    {
        if (DecimalText.TryRescale(NumberColumn.Integer(source, row), 0, type.Precision, type.Scale, out var unscaled, out _))
        {
            NumberColumn.AppendUnscaled(target, unscaled);
        }
        else
        {
            target.AppendNull();
        }
    }
}

/// <summary>Another precision or scale, rounded half away from zero; NULL where there are too many digits.</summary>
internal sealed class DecimalToDecimalCast(DecimalType source, DecimalType type) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var value = NumberColumn.Unscaled(values, row);
        if (DecimalText.TryRescale(value, source.Scale, type.Precision, type.Scale, out var unscaled, out _))
        {
            NumberColumn.AppendUnscaled(target, unscaled);
        }
        else
        {
            target.AppendNull();
        }
    }
}

/// <summary>The digits that the number shows as a text, rounded half away from zero; NULL where there are too many.</summary>
internal sealed class FloatingToDecimalCast(DecimalType type) : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector source, int row, ColumnVector target)
    {
        var value = source is FixedVector<float> floats ? floats.Values[row] : ((FixedVector<double>)source).Values[row];
        Span<byte> text = stackalloc byte[FloatingText.MaxBytes];
        DecimalParser.Append(text[..FloatingText.Format(value, text)], type, target);
    }
}

/// <summary>The fraction is cut; integers then wrap, also BIGINT.</summary>
internal sealed class DecimalToNumberCast(DecimalType source) : RowCast<ColumnVector>
{
    private readonly Int128 _unit = DecimalText.PowerOfTen(source.Scale);

    private protected override void AppendRow(ColumnVector values, int row, ColumnVector target)
    {
        var unscaled = NumberColumn.Unscaled(values, row);
        switch (target)
        {
            case FixedVector<float> floats:
                floats.Append((float)ToDouble(unscaled));
                break;
            case FixedVector<double> doubles:
                doubles.Append(ToDouble(unscaled));
                break;
            default:
                NumberColumn.AppendWrapped(target, unchecked((long)(unscaled / _unit)));
                break;
        }
    }

    private double ToDouble(Int128 unscaled)
    {
        if (source.IsCompact)
        {
            return (double)(long)unscaled / (long)_unit;
        }

        Span<byte> text = stackalloc byte[DecimalText.MaxBytes];
        return double.Parse(text[..DecimalText.Format(unscaled, source.Scale, text)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}

/// <summary>A text as DECIMAL; NULL where there are too many digits.</summary>
internal sealed class TextToDecimalCast(DecimalType type) : RowCast<BinaryVector>
{
    private protected override void AppendRow(BinaryVector source, int row, ColumnVector target) =>
        DecimalParser.Append(source[row], type, target);
}

/// <summary>
/// Numbers of any length, written in decimal digits:
/// <code>
/// [+-] digits [. digits] [e [+-] digits]      at least one digit before the exponent, no blanks
/// </code>
/// Rounding looks at one digit only: that after the last one kept.
/// </summary>
internal static class DecimalParser
{
    private const int MaxExponentDigits = 10;

    /// <summary>Appends a number; NULL when it has more digits than the type.</summary>
    /// <exception cref="Errors.PaimonException">Invalid: the text is no number.</exception>
    public static void Append(ReadOnlySpan<byte> text, DecimalType type, ColumnVector target)
    {
        if (!TrySplit(text, out var digits, out var isNegative, out var shift))
        {
            CastErrors.Refuse(text, type);
        }

        if (TryScale(digits, shift + type.Scale, type.Precision, out var unscaled))
        {
            NumberColumn.AppendUnscaled(target, isNegative ? -unscaled : unscaled);
        }
        else
        {
            target.AppendNull();
        }
    }

    /// <summary>Splits a number into digits, perhaps with a point among them, and the power of ten that they count.</summary>
    private static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> digits, out bool isNegative, out long shift)
    {
        isNegative = text.Length > 0 && text[0] == '-';
        digits = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        shift = 0;
        var mark = digits.IndexOfAny((byte)'e', (byte)'E');
        if (mark >= 0)
        {
            if (!TryExponent(digits[(mark + 1)..], out shift))
            {
                return false;
            }

            digits = digits[..mark];
        }

        var point = digits.IndexOf((byte)'.');
        var count = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (i != point)
            {
                if (digits[i] is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }

                count++;
            }
        }

        shift -= point < 0 ? 0 : digits.Length - point - 1;
        return count > 0;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        exponent = 0;
        var digits = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (digits.IsEmpty || digits.TrimStart((byte)'0').Length > MaxExponentDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        foreach (var digit in digits)
        {
            exponent = (exponent * 10) + (digit - '0');
        }

        exponent = text[0] == '-' ? -exponent : exponent;
        return exponent is >= int.MinValue and <= int.MaxValue;
    }

    /// <summary>The digits times ten to the power of a shift, rounded half up to a whole number.</summary>
    private static bool TryScale(ReadOnlySpan<byte> digits, long shift, int precision, out Int128 unscaled)
    {
        unscaled = 0;
        while (digits.Length > 0 && digits[0] is (byte)'0' or (byte)'.')
        {
            digits = digits[1..];
        }

        var significant = digits.Length - (digits.Contains((byte)'.') ? 1 : 0);
        var kept = significant + shift;
        if (significant == 0 || kept < 0)
        {
            return true;
        }

        if (kept > DecimalType.MaxPrecision)
        {
            return false;
        }

        var taken = 0L;
        foreach (var digit in digits)
        {
            if (digit == '.')
            {
                continue;
            }

            if (taken == kept)
            {
                unscaled += digit >= '5' ? 1 : 0;
                break;
            }

            unscaled = (unscaled * 10) + (digit - '0');
            taken++;
        }

        for (; taken < kept; taken++)
        {
            unscaled *= 10;
        }

        return DecimalText.Fits(unscaled, precision);
    }
}
