using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>Compares the results of batch reads and of streams.</summary>
/// <param name="input">The case.</param>
/// <param name="types">The types of its columns.</param>
/// <param name="refuse">Takes what the engine refused.</param>
internal sealed class ReadComparer(CaseInput input, ColumnTypes types, Action<string> refuse)
{
    /// <summary>Compares a read; null where equal, or refused.</summary>
    public string? Compare(JsonElement expected, JsonElement actual)
    {
        if (actual.TryGetProperty(CaseRun.Unsupported, out var refused))
        {
            refuse(refused.GetString()!);
            return null;
        }

        if (expected.TryGetProperty("expectError", out _) != actual.TryGetProperty("expectError", out var error))
        {
            return error.ValueKind == JsonValueKind.Object
                ? $"failed: {error.GetProperty("message").GetString()}"
                : $"must fail, and does not: {expected.GetProperty("expectError").GetProperty("message").GetString()}";
        }

        if (error.ValueKind == JsonValueKind.Object)
        {
            return null;
        }

        var leftOut = expected.TryGetProperty("volatileColumnsLeftOut", out var names)
            ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        if (leftOut.Count > 0)
        {
            actual = Without(actual, leftOut);
        }

        var wanted = CanonicalText.Of(expected.GetProperty("columns"));
        var found = CanonicalText.Of(actual.GetProperty("columns"));
        if (wanted != found)
        {
            return $"columns are {found}, expected {wanted}";
        }

        var columns = expected.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToList();
        return expected.TryGetProperty("plans", out _)
            ? ComparePlans(expected, actual, columns)
            : CompareRows(expected, actual, types.OfColumns(columns));
    }

    /// <summary>Compares rows as multisets, with their kinds where both sides have them, or checksums.</summary>
    public string? CompareRows(JsonElement expected, JsonElement actual, IReadOnlyList<DataType?> columnTypes)
    {
        if (expected.TryGetProperty("checksum", out var checksum))
        {
            var sum = actual.TryGetProperty("checksum", out var other) ? other.GetString() : null;
            return checksum.GetString() == sum && expected.GetProperty("count").GetInt32() == actual.GetProperty("count").GetInt32()
                ? null
                : $"{actual.GetProperty("count")} rows with checksum {sum}, expected {expected.GetProperty("count")} with {checksum}";
        }

        if (!expected.TryGetProperty("rows", out var rows))
        {
            return null;
        }

        var withKinds = expected.TryGetProperty("kinds", out _) && actual.TryGetProperty("kinds", out _);
        var difference = CanonicalText.Difference(Rows(expected, rows), Rows(actual, actual.GetProperty("rows")));
        return difference is null ? null : $"rows: {difference}";

        IEnumerable<string> Rows(JsonElement result, JsonElement list) => list.EnumerateArray().Select((row, i) =>
            (withKinds ? result.GetProperty("kinds")[i].GetString() : "") + CanonicalText.OfRow(row, columnTypes));
    }

    private string? ComparePlans(JsonElement expected, JsonElement actual, List<string> columns)
    {
        var wanted = expected.GetProperty("plans").EnumerateArray().ToList();
        var found = actual.GetProperty("plans").EnumerateArray().ToList();
        for (var i = 0; i < Math.Max(wanted.Count, found.Count); i++)
        {
            if (i == wanted.Count || i == found.Count)
            {
                return i == found.Count
                    ? $"the plan of snapshot {wanted[i].GetProperty("snapshot")} is missing"
                    : $"the plan of snapshot {found[i].GetProperty("snapshot")} is not expected";
            }

            // The plan of an overwrite was recorded without the snapshot and the buckets of its rows.
            var isOverwrite = wanted[i].GetProperty("snapshot").ValueKind == JsonValueKind.Null;
            var snapshot = SnapshotOf(wanted[i]);
            if (snapshot != SnapshotOf(found[i]))
            {
                return $"plan {i} is of snapshot {found[i].GetProperty("snapshot")}, expected {snapshot}";
            }

            if (ComparePlan(wanted[i], found[i], columns, !isOverwrite) is { } difference)
            {
                return $"plan of snapshot {snapshot}: {difference}";
            }
        }

        var next = expected.GetProperty("next").GetRawText();
        return next == actual.GetProperty("next").GetRawText()
            ? null
            : $"next is {actual.GetProperty("next")}, expected {next}";
    }

    private static long SnapshotOf(JsonElement plan) => plan.GetProperty("next").GetInt64() - 1;

    private string? ComparePlan(JsonElement expected, JsonElement actual, List<string> columns, bool withBuckets)
    {
        var first = expected.GetProperty("buckets")[0];
        return first.TryGetProperty("checksum", out _)
            ? CanonicalText.Difference(Checksums(expected), Checksums(actual))
            : CanonicalText.Difference(ByKey(expected, columns, withBuckets), ByKey(actual, columns, withBuckets));
    }

    private static IEnumerable<string> Checksums(JsonElement plan) => plan.GetProperty("buckets").EnumerateArray().Select(bucket =>
        $"{BucketName(bucket)}: {bucket.GetProperty("count")} {bucket.GetProperty("checksum")}");

    // One text for each key of a bucket: its changes one after the other.
    private IEnumerable<string> ByKey(JsonElement plan, List<string> columns, bool withBuckets)
    {
        // A row of a stream begins with its kind.
        var rowTypes = types.OfColumns(columns).Prepend(null).ToList();
        var keys = input.Root.GetProperty("schema").GetProperty("primaryKeys").EnumerateArray()
            .Select(key => columns.IndexOf(key.GetString()!)).ToList();
        var isKeyed = keys.Count > 0 && !keys.Contains(-1);
        foreach (var bucket in plan.GetProperty("buckets").EnumerateArray())
        {
            var rows = bucket.GetProperty("rows").EnumerateArray().Select(row => (
                Key: isKeyed ? string.Join('/', keys.Select(key => CanonicalText.Of(row[key + 1]))) : "",
                Text: CanonicalText.OfRow(row, rowTypes)));
            if (!isKeyed)
            {
                rows = rows.OrderBy(row => row.Text, StringComparer.Ordinal);
            }

            foreach (var key in rows.GroupBy(row => row.Key, StringComparer.Ordinal))
            {
                yield return $"{(withBuckets ? BucketName(bucket) : "")}: {string.Join(" ", key.Select(row => row.Text))}";
            }
        }
    }

    private static string BucketName(JsonElement bucket) =>
        $"{CanonicalText.Of(bucket.GetProperty("partition"))}/{bucket.GetProperty("bucket")}";

    private static JsonElement Without(JsonElement result, HashSet<string> leftOut)
    {
        var columns = result.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToList();
        var kept = Enumerable.Range(0, columns.Count).Where(i => !leftOut.Contains(columns[i])).ToList();
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["columns"] = kept.Select(i => columns[i]),
            ["count"] = result.GetProperty("count"),
            ["rows"] = result.GetProperty("rows").EnumerateArray().Select(row => kept.Select(i => row[i])),
        });
    }
}
