using System.Globalization;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The time that the values of a partition name (docs/format.md#partition-expiry). Values are texts as Java prints them: a DATE is the number of
/// its day, which no format reads. Immutable.
/// </summary>
internal sealed class PartitionTime
{
    private readonly RowType _type;
    private readonly PartitionPaths _texts;
    private readonly string? _pattern;
    private readonly JavaTimeFormat? _format;

    /// <summary>Makes a reader of times.</summary>
    /// <param name="partitionType">The partition columns.</param>
    /// <param name="retention">Pattern and formatter.</param>
    public PartitionTime(RowType partitionType, PartitionRetention retention)
    {
        _type = partitionType;
        _texts = new PartitionPaths(partitionType);
        _pattern = retention.TimestampPattern;
        _format = retention.TimestampFormatter is { } text ? new JavaTimeFormat(text) : null;
    }

    /// <summary>The partition's time in the local zone.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="time">Its time.</param>
    /// <returns>False when its values name none.</returns>
    public bool TryGet(BinaryRowBytes partition, out DateTime time)
    {
        time = default;
        if (_type.Fields.Any(field => field.Type.Root is TypeRoot.Binary or TypeRoot.VarBinary))
        {
            return false;
        }

        var values = _texts.Texts(partition);
        var text = _pattern;
        if (text is null)
        {
            text = values[0];
        }
        else if (values.Any(value => value is null))
        {
            return false;
        }
        else
        {
            for (var i = 0; i < values.Count; i++)
            {
                text = text.Replace("$" + _type.Fields[i].Name, values[i], StringComparison.Ordinal);
            }
        }

        return text is not null && (_format is not null ? _format.TryParse(text, out time) : TryParseDefault(text, out time));
    }

    /// <summary>Reads <c>2024-1-31</c> or <c>2024-1-31 8:05:00.5</c>; a 13th month is the first of the next year, and so on.</summary>
    private static bool TryParseDefault(string text, out DateTime time)
    {
        time = default;
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        var date = (blank < 0 ? text : text[..blank]).Split('-');
        if (date.Length != 3 || !TryNumber(date[0], 10, out var year) || !TryNumber(date[1], 2, out var month)
            || !TryNumber(date[2], 2, out var day))
        {
            return false;
        }

        var clock = TimeSpan.Zero;
        if (blank >= 0 && !TryParseClock(text[(blank + 1)..], out clock))
        {
            return false;
        }

        if (year is < 1 or > 9990)
        {
            // Further than any clock goes: long ago, or never.
            time = DateTime.MinValue;
            return year < 1;
        }

        time = new DateTime((int)year, 1, 1).AddMonths((int)month - 1).AddDays(day - 1) + clock;
        return true;
    }

    private static bool TryParseClock(string text, out TimeSpan clock)
    {
        clock = default;
        var parts = text.Split(':');
        if (parts.Length != 3 || !TryNumber(parts[0], 2, out var hours) || !TryNumber(parts[1], 2, out var minutes))
        {
            return false;
        }

        var point = parts[2].IndexOf('.', StringComparison.Ordinal);
        var fraction = 0L;
        if (point >= 0 && !TryNumber(parts[2][(point + 1)..].PadRight(9, '0'), 9, out fraction))
        {
            return false;
        }

        if (point == parts[2].Length - 1 || !TryNumber(point < 0 ? parts[2] : parts[2][..point], 2, out var seconds))
        {
            return false;
        }

        clock = new TimeSpan((int)hours, (int)minutes, (int)seconds) + new TimeSpan(fraction / 100);
        return true;
    }

    private static bool TryNumber(string text, int maxDigits, out long number)
    {
        number = 0;
        return text.Length <= maxDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
