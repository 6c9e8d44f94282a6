using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>Compares the live files of snapshots: all that is said of them but their names, sizes and times.</summary>
internal static class LayoutComparer
{
    private static readonly string[] Members =
    [
        "index", "partition", "bucket", "level", "rowCount", "deleteRowCount", "minKey", "maxKey", "schemaId", "source", "keyStats",
        "valueStatsCols",
    ];

    private static readonly string[] SequenceNumbers = ["minSeq", "maxSeq"];

    // Long lists were not recorded; of deleted positions their number was.
    private static readonly string[] Lists = ["hashes", "deletedPositions"];

    /// <summary>Compares; null where equal.</summary>
    /// <param name="input">The case.</param>
    /// <param name="expected">The recorded snapshot.</param>
    /// <param name="actual">The snapshot of this run.</param>
    /// <param name="leftOut">What is not compared.</param>
    public static string? Compare(CaseInput input, JsonElement expected, JsonElement actual, CaseParts leftOut)
    {
        if (leftOut.HasFlag(CaseParts.Cuts))
        {
            return Difference(Levels(expected), Levels(actual));
        }

        var layout = expected.GetProperty("layout").EnumerateArray().ToList();
        var lists = Lists.Where(list => !layout.Exists(file => IsNotRecorded(file, list)));
        var members = leftOut.HasFlag(CaseParts.SequenceNumbers) ? [.. Members, .. lists] : Members.Concat(SequenceNumbers).Concat(lists);
        string[] compared = [.. members];
        return Difference(Files(input, expected, compared), Files(input, actual, compared));
    }

    private static bool IsNotRecorded(JsonElement file, string list) => list == "hashes"
        ? file.TryGetProperty(list, out var hashes) && hashes.ValueKind == JsonValueKind.Null
        : file.TryGetProperty("deletedCount", out _);

    private static string? Difference(IEnumerable<string> expected, IEnumerable<string> actual) =>
        CanonicalText.Difference(expected, actual) is { } difference ? $"layout: {difference}" : null;

    private static IEnumerable<string> Levels(JsonElement snapshot) => snapshot.GetProperty("layout").EnumerateArray()
        .Where(file => file.TryGetProperty("level", out _))
        .GroupBy(file => $"{CanonicalText.Of(file.GetProperty("partition"))} {file.GetProperty("bucket")} {file.GetProperty("level")}")
        .Select(level => $"{level.Key}: {level.Sum(file => file.GetProperty("rowCount").GetInt64())}");

    private static IEnumerable<string> Files(CaseInput input, JsonElement snapshot, string[] members) =>
        snapshot.GetProperty("layout").EnumerateArray().Select(file => string.Join(' ', members
            .Where(member => file.TryGetProperty(member, out _))
            .Select(member => $"{member}={CanonicalText.Of(file.GetProperty(member))}")
            .Append(DeletedCount(file)).Append(ValueStats(input, file))));

    private static string DeletedCount(JsonElement file) =>
        file.TryGetProperty("deletedPositions", out var positions) ? $"deleted={positions.GetArrayLength()}"
        : file.TryGetProperty("deletedCount", out var count) ? $"deleted={count}"
        : "";

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
