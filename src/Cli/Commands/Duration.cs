using System.Globalization;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli.Commands;

/// <summary>Reads times such as 500ms, 2s, 1m, 12h, 30d, of 365000d at most.</summary>
internal static class Duration
{
    // Times are taken from clock readings, which begin with year 1, and added to them: a thousand years leave room for both.
    private const int MaxDays = 365_000;

    public static TimeSpan Parse(string text, string option)
    {
        var unit = text.AsSpan().TrimEnd().TrimStart("0123456789.").Trim();
        var number = text.AsSpan(0, text.AsSpan().TrimEnd().Length - unit.Length);
        double? factor = unit switch
        {
            "ms" => 0.001,
            "s" or "" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => null,
        };
        if (factor is null || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            throw new PaimonException(ErrorKind.Invalid, $"{option} '{text}': expected a time such as 500ms, 2s, 1m, 12h or 30d.");
        }

        if (value * factor.Value > MaxDays * 86400.0)
        {
            throw new PaimonException(
                ErrorKind.Invalid, $"{option} '{text}': the time is too long, {MaxDays}d is the longest.");
        }

        return TimeSpan.FromSeconds(value * factor.Value);
    }
}
