using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Time zones as options name them, which is as Java does: a region, <c>Z</c>, or an offset, alone or behind <c>UTC</c>, <c>GMT</c> or
/// <c>UT</c>: <c>+8</c>, <c>GMT-08:00</c>, <c>UTC+0530</c>.
/// </summary>
internal static class TimeZoneName
{
    private static readonly string[] Prefixes = ["UTC", "GMT", "UT", ""];
    private static readonly string[] Formats = ["%h", "hh", "hhmm", "hh\\:mm"];
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(14);

    /// <summary>Finds a zone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>False when nothing is called so.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        if (name == "Z" || TryOffset(name, out var offset) is false)
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(name == "Z" ? "UTC" : name, out zone);
        }

        zone = TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
        return true;
    }

    private static bool TryOffset(string name, out TimeSpan offset)
    {
        offset = default;
        var prefix = Array.Find(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))!;
        var text = name.AsSpan(prefix.Length);
        if (text.Length < 2
            || text[0] is not ('+' or '-')
            || !TimeSpan.TryParseExact(text[1..], Formats, CultureInfo.InvariantCulture, out offset)
            || offset > MaxOffset)
        {
            return false;
        }

        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
