using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// A date and time in the letters of Java's <c>DateTimeFormatter</c>, as far as numbers go: y u M d H m s S, text in single quotes,
/// other characters for themselves. Of a run of digits the letters that stand behind it without a gap take theirs first, so that
/// <c>yyyyMMdd</c> reads 20240131. Immutable.
/// </summary>
internal sealed class JavaTimeFormat
{
    private const int MaxDigits = 9;
    private readonly List<Part> _parts = [];

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="PaimonException">Unsupported: a letter that is not known here. Invalid: a quote that is not closed.</exception>
    public JavaTimeFormat(string pattern)
    {
        for (var i = 0; i < pattern.Length;)
        {
            var letter = pattern[i];
            if (letter == '\'')
            {
                i = AddQuoted(pattern, i);
                continue;
            }

            var end = i + 1;
            while (end < pattern.Length && pattern[end] == letter)
            {
                end++;
            }

            _parts.Add(char.IsAsciiLetter(letter) ? Field(pattern, letter, end - i) : new Part('\0', 0, pattern[i..end]));
            i = end;
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text, all of it.</param>
    /// <param name="time">The time; midnight where the pattern has no hours.</param>
    /// <returns>False when the text is none of the pattern, or names no day and time of the years 1 to 9999.</returns>
    public bool TryParse(string text, out DateTime time)
    {
        time = default;
        var values = new Dictionary<char, int>();
        var position = 0;
        for (var i = 0; i < _parts.Count; i++)
        {
            var part = _parts[i];
            if (part.Letter == '\0')
            {
                if (string.CompareOrdinal(text, position, part.Text, 0, part.Text.Length) != 0)
                {
                    return false;
                }

                position += part.Text.Length;
            }
            else if (!TryDigits(text, ref position, part, DigitsBehind(i), out var value)
                || (!values.TryAdd(part.Letter, value) && values[part.Letter] != value))
            {
                return false;
            }
        }

        return position == text.Length && TryResolve(values, out time);
    }

    private static bool TryResolve(Dictionary<char, int> values, out DateTime time)
    {
        time = default;
        if (!values.TryGetValue('y', out var year) || !values.TryGetValue('M', out var month) || !values.TryGetValue('d', out var day))
        {
            return false;
        }

        var hour = values.GetValueOrDefault('H');
        var minute = values.GetValueOrDefault('m');
        var second = values.GetValueOrDefault('s');
        var hasGap = (!values.ContainsKey('m') && values.ContainsKey('s')) || (!values.ContainsKey('s') && values.ContainsKey('S'));
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day is < 1 or > 31 || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        // As Java: the 31st of a shorter month is its last day. Hours without minutes count, seconds without them do not.
        time = new DateTime(year, month, Math.Min(day, DateTime.DaysInMonth(year, month)));
        if (values.ContainsKey('H') && !hasGap)
        {
            time = time.AddHours(hour).AddMinutes(minute).AddSeconds(second).AddTicks(values.GetValueOrDefault('S') / 100);
        }

        return true;
    }

    private static Part Field(string pattern, char letter, int count)
    {
        var isKnown = letter switch
        {
            'y' or 'u' => count is 1 or 2 or 4,
            'M' or 'L' or 'd' or 'H' or 'm' or 's' => count is 1 or 2,
            'S' => count <= MaxDigits,
            _ => false,
        };
        if (!isKnown)
        {
            PaimonException.ThrowUnsupported(
                $"The date format '{pattern}' is not supported: {new string(letter, count)} is none of yyyy, yy, y, MM, M, dd, d, HH, H, "
                + "mm, m, ss, s, S, SSS.");
        }

        return new Part(letter switch { 'u' => 'y', 'L' => 'M', _ => letter }, count, "");
    }

    private int AddQuoted(string pattern, int start)
    {
        var end = pattern.IndexOf('\'', start + 1);
        if (end < 0)
        {
            PaimonException.ThrowInvalid($"The date format '{pattern}' has a quote that is not closed.");
        }

        _parts.Add(new Part('\0', 0, end == start + 1 ? "'" : pattern[(start + 1)..end]));
        return end + 1;
    }

    /// <summary>The digits that letters take which stand behind one without a gap.</summary>
    private int DigitsBehind(int index)
    {
        var count = 0;
        for (var i = index + 1; i < _parts.Count && _parts[i] is { Letter: not '\0', Count: > 1 } part; i++)
        {
            count += part.Count;
        }

        return count;
    }

    private static bool TryDigits(string text, ref int position, Part part, int digitsBehind, out int value)
    {
        value = 0;
        var available = 0;
        while (position + available < text.Length && char.IsAsciiDigit(text[position + available]))
        {
            available++;
        }

        var count = part.Count > 1 || part.Letter == 'S' ? part.Count : Math.Min(available - digitsBehind, MaxDigits);
        if (count < 1 || count > available || (part is { Letter: 'y', Count: 4 } && digitsBehind == 0 && available > count))
        {
            return false;
        }

        value = int.Parse(text.AsSpan(position, count), System.Globalization.CultureInfo.InvariantCulture);
        position += count;
        value = part switch
        {
            { Letter: 'y', Count: 2 } => 2000 + value,
            { Letter: 'S' } => value * (int)Math.Pow(10, MaxDigits - part.Count),
            _ => value,
        };
        return true;
    }

    /// <summary>A letter and how often it stands there, or, where it is 0, a text that stands for itself.</summary>
    private readonly record struct Part(char Letter, int Count, string Text);
}
