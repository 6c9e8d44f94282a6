using System.Globalization;

namespace PaimonSharp.Cdc.Types;

/// <summary>Floating-point numbers as the server prints them: the shortest digits that give the same number back.</summary>
internal static class ServerNumber
{
    private const int MaxPlainExponent = 15;

    /// <summary>A DOUBLE's text; in JSON a whole number keeps a <c>.0</c>.</summary>
    public static string Double(double value, bool isJson = false) =>
        Shape(value.ToString("R", CultureInfo.InvariantCulture), isJson);

    /// <summary>A FLOAT's text by its own digits.</summary>
    public static string Float(float value) => Shape(value.ToString("R", CultureInfo.InvariantCulture), isJson: false);

    private static string Shape(string shortest, bool isJson)
    {
        var sign = shortest.StartsWith('-') ? "-" : string.Empty;
        var body = shortest[sign.Length..];
        var mark = body.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(body.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? body : body[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        exponent += point < 0 ? mantissa.Length : point;
        var digits = mantissa.Replace(".", string.Empty, StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        exponent -= leading;
        if (digits.Length == 0)
        {
            return sign + (isJson ? "0.0" : "0");
        }

        return sign + Place(digits, exponent, isJson);
    }

    /// <summary>Digits d1d2d3 with the point after the first <paramref name="exponent"/> of them.</summary>
    private static string Place(string digits, int exponent, bool isJson)
    {
        if (exponent is > MaxPlainExponent + 1 or < -MaxPlainExponent + 1)
        {
            var rest = digits.Length > 1 ? "." + digits[1..] : string.Empty;
            return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{rest}e{exponent - 1}");
        }

        if (exponent <= 0)
        {
            return "0." + new string('0', -exponent) + digits;
        }

        return digits.Length <= exponent
            ? digits.PadRight(exponent, '0') + (isJson ? ".0" : string.Empty)
            : digits[..exponent] + "." + digits[exponent..];
    }
}
