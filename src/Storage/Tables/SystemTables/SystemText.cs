using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>Rows of partitions, keys and bounds as system tables spell them. Safe for several threads.</summary>
internal static class SystemText
{
    /// <summary>A row cast to STRING: <c>{a, 2024-01-01}</c>.</summary>
    /// <param name="type">The row's fields.</param>
    /// <param name="row">The row.</param>
    /// <param name="zone">The zone in which instants are shown.</param>
    public static string Row(RowType type, BinaryRowBytes row, TimeZoneInfo zone)
    {
        var texts = new PartitionPaths(type, legacyNames: false, zone: zone).Texts(row);
        return $"{{{string.Join(", ", texts.Select(OrNull))}}}";
    }

    /// <summary>A key as Java prints an array of its values: <c>[1, 2024-01-01T10:00]</c>; null for a row of no fields.</summary>
    /// <param name="type">The key's fields.</param>
    /// <param name="key">The key.</param>
    public static string? Key(RowType type, BinaryRowBytes key) =>
        key.Arity == 0 || key.Arity != type.Fields.Count ? null : $"[{string.Join(", ", JavaTexts(type, key).Select(OrNull))}]";

    /// <summary>Values as Java prints its objects for them: dates as day numbers, times of day as milliseconds.</summary>
    /// <param name="type">The row's fields.</param>
    /// <param name="row">The row.</param>
    public static IReadOnlyList<string?> JavaTexts(RowType type, BinaryRowBytes row) => new PartitionPaths(type).Texts(row);

    /// <summary>A map as Java prints a sorted one: <c>{a=1, b=null}</c>.</summary>
    /// <param name="entries">Names and values, in any order.</param>
    public static string Map(IEnumerable<KeyValuePair<string, string?>> entries)
    {
        var texts = entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={OrNull(entry.Value)}");
        return $"{{{string.Join(", ", texts)}}}";
    }

    private static string OrNull(string? text) => text ?? "null";
}
