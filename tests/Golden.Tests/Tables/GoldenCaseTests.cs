using System.Text.Json;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>
/// Histories that Apache Paimon was driven through, read by the tool: every snapshot that is left, the changelog and the
/// recorded reads agree, or the tool refuses by name.
/// </summary>
public class GoldenCaseTests
{
    private static bool IsKnown => GoldenCase.Folders().Count == 420;

    [Fact]
    public async Task Every_snapshot_of_a_recorded_history_gives_its_rows_or_a_named_refusal()
    {
        var outcome = new GoldenOutcome();
        await ForEachCaseAsync(outcome, async history =>
        {
            foreach (var (id, branch, snapshot) in history.Snapshots())
            {
                if (snapshot.TryGetProperty("readError", out _))
                {
                    outcome.NotAsked("Paimon itself failed to read");
                    continue;
                }

                string[] branchArguments = branch is null ? [] : ["--branch", branch];
                outcome.Add(
                    branch is null ? "a snapshot" : "a snapshot of a branch",
                    $"{history.Name}@{branch}{id}",
                    await ScanResult.OfAsync(history.Table, ["--snapshot", $"{id}", .. branchArguments]),
                    lines => Compare(history, snapshot, lines));
            }

            foreach (var (tag, snapshot) in history.Tags())
            {
                outcome.Add(
                    "a tag",
                    $"{history.Name}@{tag}",
                    await ScanResult.OfAsync(history.Table, "--tag", tag),
                    lines => Compare(history, snapshot, lines));
            }
        });
        outcome.Report(TestContext.Current.TestOutputHelper!, IsKnown, floor: 2720);
    }

    [Fact]
    public async Task The_changelog_of_a_recorded_history_is_told_in_order_or_refused_by_name()
    {
        var outcome = new GoldenOutcome();
        await ForEachCaseAsync(outcome, async history =>
        {
            if (!history.Expected.TryGetProperty("changelog", out var changelog) || !changelog.TryGetProperty("plans", out _))
            {
                outcome.NotAsked("no changelog was recorded");
                return;
            }

            outcome.Add(
                history.Input.GetProperty("schema").GetProperty("options").TryGetProperty("changelog-producer", out var producer)
                    ? $"changelog-producer {producer.GetString()}" : "changelog-producer none",
                history.Name,
                await ScanResult.OfAsync(history.Table, ["--changelog", "--from", "1"]),
                lines => CompareChanges(history, changelog, lines));
        });
        outcome.Report(TestContext.Current.TestOutputHelper!, IsKnown, floor: 393);
    }

    [Fact]
    public async Task Reads_with_options_filters_and_projections_agree_or_are_refused_by_name()
    {
        var outcome = new GoldenOutcome();
        await ForEachCaseAsync(outcome, async history =>
        {
            if (!history.Input.TryGetProperty("reads", out var reads) || !history.Expected.TryGetProperty("reads", out var results))
            {
                return;
            }

            foreach (var read in reads.EnumerateArray())
            {
                var name = read.GetProperty("name").GetString()!;
                if (!results.TryGetProperty(name, out var result))
                {
                    outcome.NotAsked("no result was recorded");
                }
                else if (read.TryGetProperty("filter", out _) && read.TryGetProperty("projection", out _))
                {
                    // Paimon's reader tests the condition on the projected columns by position; a WHERE means the table's.
                    outcome.NotAsked("a condition on columns that are not projected");
                }
                else if (TryArguments(history, read, result, out var arguments) is { } reason)
                {
                    outcome.NotAsked(reason);
                }
                else if (read.TryGetProperty("mode", out var mode) && mode.GetString() == "stream")
                {
                    outcome.Add(
                        "a stream",
                        $"{history.Name} {name}",
                        await ScanResult.OfStreamAsync(history.Table, arguments),
                        lines => CompareChanges(history, result, lines));
                }
                else
                {
                    var system = read.TryGetProperty("system", out var named) ? $"${named.GetString()}" : "";
                    var answer = await ScanResult.OfAsync(history.Table + system, arguments);
                    var family = system.Length > 0 ? "a system table" : string.Join(
                        ' ', arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Distinct());
                    if (result.TryGetProperty("expectError", out var error))
                    {
                        outcome.AddError($"{history.Name} {name}", answer, error);
                    }
                    else
                    {
                        outcome.Add(family, $"{history.Name} {name}", answer, lines => Compare(history, result, lines));
                    }
                }
            }
        });
        outcome.Report(TestContext.Current.TestOutputHelper!, IsKnown, floor: 301);
    }

    private static async Task ForEachCaseAsync(GoldenOutcome outcome, Func<GoldenCase, Task> ask)
    {
        foreach (var folder in GoldenCase.Folders())
        {
            using var history = GoldenCase.TryOpen(folder);
            if (history is null)
            {
                outcome.NotAsked("no table was kept");
            }
            else
            {
                await ask(history);
            }
        }
    }

    private static string? Compare(GoldenCase history, JsonElement expected, IReadOnlyList<string> lines)
    {
        var floats = history.FloatColumns(expected);
        if (floats.Count > 0 && expected.TryGetProperty("rows", out var floatRows) && floatRows.ValueKind == JsonValueKind.Array)
        {
            return GoldenRows.Difference(
                floatRows.EnumerateArray().Select(row => GoldenRows.RowWithFloats(row, floats)),
                lines.Select(line => GoldenRows.RowWithFloats(line, floats)));
        }

        var actual = lines.Select(GoldenRows.AsArray).ToList();
        if (lines.Count > 0 && expected.TryGetProperty("columns", out var columns)
            && !columns.EnumerateArray().Select(column => column.GetString()).SequenceEqual(GoldenRows.Names(lines[0])))
        {
            return $"columns {columns} expected, {string.Join(',', GoldenRows.Names(lines[0]))} read";
        }

        if (expected.TryGetProperty("rows", out var rows) && rows.ValueKind == JsonValueKind.Array)
        {
            Func<string, string> order = history.HasHashedArrays ? GoldenRows.WithSortedArrays : row => row;
            return GoldenRows.Difference(rows.EnumerateArray().Select(GoldenRows.Normalize).Select(order), actual.Select(order));
        }

        var checksum = expected.GetProperty("checksum").GetString();
        return checksum == GoldenRows.Checksum(actual) ? null : $"checksum {checksum} expected of {expected.GetProperty("count")} rows";
    }

    /// <summary>Equal changes in every snapshot, and those of one key in the same order.</summary>
    private static string? CompareChanges(GoldenCase history, JsonElement stream, IReadOnlyList<string> lines)
    {
        var columns = stream.GetProperty("columns").EnumerateArray()
            .Select(column => column.GetString()!).ToList();
        // Order counts within a partition and bucket only.
        var schema = history.Input.GetProperty("schema");
        var keys = schema.GetProperty("primaryKeys").EnumerateArray().Concat(schema.GetProperty("partitionKeys").EnumerateArray())
            .Select(key => columns.IndexOf(key.GetString()!)).ToList();
        if (keys.Contains(-1))
        {
            return null;
        }

        // A stream has the newest schema.
        var floats = history.FloatColumns(history.Expected.GetProperty("schemas").EnumerateArray().MaxBy(item => item.GetProperty("id").GetInt64()));
        var expected = new List<(string Key, string Change)>();
        var isChecksum = false;
        foreach (var plan in stream.GetProperty("plans").EnumerateArray())
        {
            foreach (var bucket in plan.GetProperty("buckets").EnumerateArray())
            {
                isChecksum |= !bucket.TryGetProperty("rows", out var rows);
                foreach (var row in isChecksum ? [] : rows.EnumerateArray().ToArray())
                {
                    var cells = row.EnumerateArray().Select((cell, i) => GoldenRows.Cell(cell, floats.Contains(i - 1))).ToList();
                    // The recorder did not see the snapshot of what an overwrite replaced.
                    var id = plan.GetProperty("next").GetInt64() - 1;
                    expected.Add(($"{id}/{string.Join('/', keys.Select(key => cells[key + 1]))}", string.Join(',', cells)));
                }
            }
        }

        if (isChecksum)
        {
            return null;
        }

        var actual = new List<(string Key, string Change)>();
        foreach (var line in lines)
        {
            using var change = JsonDocument.Parse(line);
            var cells = change.RootElement.EnumerateObject().Skip(1)
                .Select((member, i) => GoldenRows.Cell(member.Value, floats.Contains(i - 1))).ToList();
            var id = change.RootElement.GetProperty("_snapshot").GetRawText();
            actual.Add(($"{id}/{string.Join('/', keys.Select(key => cells[key + 1]))}", string.Join(',', cells)));
        }

        return GoldenRows.Difference(InOrder(expected), InOrder(actual));
    }

    // One text for each key and snapshot: its changes one after the other.
    private static IEnumerable<string> InOrder(List<(string Key, string Change)> changes) =>
        changes.GroupBy(change => change.Key, StringComparer.Ordinal)
            .Select(key => $"{key.Key}: {string.Join(" ", key.Select(change => change.Change))}");

    /// <summary>The arguments of a recorded read; the reason where the tool has no such question.</summary>
    private static string? TryArguments(GoldenCase history, JsonElement read, JsonElement result, out List<string> arguments)
    {
        arguments = [];
        if (read.TryGetProperty("system", out _))
        {
            if (read.TryGetProperty("mode", out _))
            {
                return "a stream of a system table";
            }

            // Columns that differ from run to run are left out.
            arguments.AddRange(["--select", string.Join(',', result.TryGetProperty("columns", out var columns)
                ? columns.EnumerateArray().Select(column => column.GetString()) : [])]);
        }

        if (read.TryGetProperty("branch", out var branch))
        {
            arguments.AddRange(["--branch", branch.GetString()!]);
        }

        if (read.TryGetProperty("projection", out var projection))
        {
            arguments.AddRange(["--select", string.Join(',', projection.EnumerateArray().Select(column => column.GetString()))]);
        }

        if (read.TryGetProperty("filter", out var filter))
        {
            arguments.AddRange(["--where", Condition(filter)]);
        }

        if (read.TryGetProperty("options", out var options))
        {
            foreach (var option in options.EnumerateObject())
            {
                if (history.WithTimes(option.Value.GetString()!) is not { } value)
                {
                    return "times of snapshots that have expired";
                }

                arguments.AddRange(["--option", $"{option.Name}={value}"]);
            }
        }

        return null;
    }

    private static string Condition(JsonElement filter)
    {
        var op = filter.GetProperty("op").GetString();
        if (op is "and" or "or")
        {
            return "(" + string.Join($" {op} ", filter.GetProperty("args").EnumerateArray().Select(Condition)) + ")";
        }

        var field = filter.GetProperty("field").GetString()!;
        var value = filter.TryGetProperty("value", out var single) ? Literal(single) : "";
        var values = filter.TryGetProperty("values", out var list) ? [.. list.EnumerateArray().Select(Literal)] : Array.Empty<string>();
        return op switch
        {
            "equal" => $"{field} = {value}",
            "notEqual" => $"{field} <> {value}",
            "lessThan" => $"{field} < {value}",
            "lessOrEqual" => $"{field} <= {value}",
            "greaterThan" => $"{field} > {value}",
            "greaterOrEqual" => $"{field} >= {value}",
            "isNull" => $"{field} IS NULL",
            "isNotNull" => $"{field} IS NOT NULL",
            "in" => $"{field} IN ({string.Join(", ", values)})",
            "notIn" => $"{field} NOT IN ({string.Join(", ", values)})",
            "between" => $"{field} BETWEEN {values[0]} AND {values[1]}",
            "startsWith" => $"{field} LIKE '{single.GetString()}%'",
            "endsWith" => $"{field} LIKE '%{single.GetString()}'",
            "contains" => $"{field} LIKE '%{single.GetString()}%'",
            _ => throw new InvalidOperationException($"The filter {op} has no condition."),
        };
    }

    private static string Literal(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? $"'{value.GetString()!.Replace("'", "''", StringComparison.Ordinal)}'" : value.GetRawText();
}
