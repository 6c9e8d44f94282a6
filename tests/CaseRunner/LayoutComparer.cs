using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>Compares the live files of snapshots, as far as the case allows.</summary>
internal static class LayoutComparer
{
    private static readonly string[] Members =
    [
        "index", "hashes", "partition", "bucket", "level", "rowCount", "deleteRowCount", "minKey", "maxKey", "minSeq", "maxSeq", "schemaId",
        "source", "deletedPositions", "keyStats", "valueStatsCols",
    ];

    /// <summary>Compares; null where equal, or not to be compared.</summary>
    /// <param name="input">The case.</param>
    /// <param name="expected">The recorded snapshot.</param>
    /// <param name="actual">The snapshot of this run.</param>
    /// <param name="isSameTable">True where the recorded table itself was read: then everything counts.</param>
    public static string? Compare(CaseInput input, JsonElement expected, JsonElement actual, bool isSameTable)
    {
        var mode = input.Root.TryGetProperty("compareLayout", out var value) ? value.GetRawText() : "false";
        if (!isSameTable && mode == "\"levels\"")
        {
            return Difference(Levels(expected), Levels(actual));
        }

        return isSameTable || mode == "true" || CaseScope.HasFixedLayout(input)
            ? Difference(Files(input, expected), Files(input, actual))
            : null;
    }

    private static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual) =>
        CanonicalText.Difference(expected, actual) is { } difference ? $"layout: {difference}" : null;

    private static IEnumerable<string> Levels(JsonElement snapshot) => snapshot.GetProperty("layout").EnumerateArray()
        .Where(file => file.TryGetProperty("level", out _))
        .GroupBy(file => $"{CanonicalText.Of(file.GetProperty("partition"))} {file.GetProperty("bucket")} {file.GetProperty("level")}")
        .Select(level => $"{level.Key}: {level.Sum(file => file.GetProperty("rowCount").GetInt64())}");

    private static IEnumerable<string> Files(CaseInput input, JsonElement snapshot) => snapshot.GetProperty("layout").EnumerateArray()
        .Select(file => string.Join(' ', Members.Where(member => file.TryGetProperty(member, out _))
            .Select(member => $"{member}={CanonicalText.Of(file.GetProperty(member))}")
            .Append(ValueStats(input, file))));

    // Bounds have the types of the file's schema: a FLOAT is compared as such.
    private static string ValueStats(CaseInput input, JsonElement file)
    {
        if (!file.TryGetProperty("valueStats", out var stats) || stats.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var fields = input.Expected.GetProperty("schemas").EnumerateArray()
            .First(schema => schema.GetProperty("id").GetInt64() == file.GetProperty("schemaId").GetInt64())
            .GetProperty("fields").EnumerateArray()
            .ToDictionary(field => field.GetProperty("name").GetString()!, field => DataTypeJson.Read(field.GetProperty("type")));
        DataType?[] types = file.TryGetProperty("valueStatsCols", out var columns) && columns.ValueKind == JsonValueKind.Array
            ? [.. columns.EnumerateArray().Select(column => fields.GetValueOrDefault(column.GetString()!))]
            : [.. fields.Values];
        return $"valueStats={CanonicalText.OfRow(stats.GetProperty("min"), types)} {CanonicalText.OfRow(stats.GetProperty("max"), types)} "
            + CanonicalText.Of(stats.GetProperty("nullCounts"));
    }
}
