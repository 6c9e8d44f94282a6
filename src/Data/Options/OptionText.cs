using System.Globalization;
using System.Numerics;

namespace PaimonSharp.Data.Options;

/// <summary>How Paimon reads the texts of options: sizes, durations, booleans. Units in any case.</summary>
public static class OptionText
{
    /// <summary>Reads a size: <c>128 mb</c>, <c>1gb</c>, <c>4096</c> (bytes). Units are powers of 1024.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sizeBytes">The size in bytes.</param>
    /// <returns>False when the text is no size or exceeds 64 bits.</returns>
    public static bool TryParseSize(ReadOnlySpan<char> text, out long sizeBytes)
    {
        sizeBytes = 0;
        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        var shift = unit switch
        {
            "" or "b" or "bytes" => 0,
            "k" or "kb" or "kibibytes" => 10,
            "m" or "mb" or "mebibytes" => 20,
            "g" or "gb" or "gibibytes" => 30,
            "t" or "tb" or "tebibytes" => 40,
            _ => -1,
        };
        if (shift < 0 || number > long.MaxValue >> shift)
        {
            return false;
        }

        sizeBytes = number << shift;
        return true;
    }

    /// <summary>Reads a duration: <c>1 h</c>, <c>10min</c>, <c>500</c> (milliseconds), <c>7 d</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration; nanoseconds are rounded down to ticks of 100 ns.</param>
    /// <returns>False when the text is no duration or exceeds the range of <see cref="TimeSpan"/>.</returns>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        var nanosPerUnit = unit switch
        {
            "d" or "day" or "days" => 86_400_000_000_000,
            "h" or "hour" or "hours" => 3_600_000_000_000,
            "m" or "min" or "minute" or "minutes" => 60_000_000_000,
            "s" or "sec" or "secs" or "second" or "seconds" => 1_000_000_000,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => 1_000_000,
            "\u00b5s" or "micro" or "micros" or "microsecond" or "microseconds" => 1_000,
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1,
            _ => 0L,
        };
        var ticks = new BigInteger(number) * nanosPerUnit / 100;
        if (nanosPerUnit == 0 || ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }

        duration = new TimeSpan((long)ticks);
        return true;
    }

    /// <summary>Writes a duration as Paimon's texts do, with the largest unit that is exact.</summary>
    /// <param name="duration">Not negative.</param>
    public static string FormatDuration(TimeSpan duration)
    {
        var ticks = duration.Ticks;
        (long Size, string Name)[] units =
        [
            (TimeSpan.TicksPerDay, "d"), (TimeSpan.TicksPerHour, "h"), (TimeSpan.TicksPerMinute, "min"),
            (TimeSpan.TicksPerSecond, "s"), (TimeSpan.TicksPerMillisecond, "ms"),
        ];
        foreach (var (size, name) in units)
        {
            if (ticks % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{ticks / size} {name}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{ticks * 100} ns");
    }

    private static bool TrySplit(ReadOnlySpan<char> text, out long number, out string unit)
    {
        text = text.Trim();
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        unit = text[digits..].Trim().ToString().ToLowerInvariant();
        return long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
