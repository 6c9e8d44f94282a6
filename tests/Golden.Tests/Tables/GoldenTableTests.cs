using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Text;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>Primary-key tables of other writers give the rows that their origin states.</summary>
public class GoldenTableTests
{
    /// <summary>Reads that are refused by name; everything else must agree.</summary>
    private static readonly ErrorKind[] Refusals = [ErrorKind.Unsupported];

    [Fact]
    public async Task Deduplicate_tables_of_other_writers_read_as_expected()
    {
        var index = GoldenData.GoldenPath("index.json");
        Assert.SkipUnless(File.Exists(index), $"{index} is absent: set PAIMON_GOLDEN.");
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken));
        var outcome = new GoldenOutcome();
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var name = $"{entry.GetProperty("origin").GetString()}/{entry.GetProperty("table").GetString()}";
            if (entry.GetProperty("primary_keys").GetArrayLength() == 0)
            {
                continue;
            }

            var folder = GoldenData.GoldenPath(name);
            await outcome.RunAsync(name, () => CompareAsync(folder, null, $"{folder}.expected.jsonl"), Refusals);
            foreach (var snapshot in entry.GetProperty("snapshots").EnumerateArray())
            {
                var id = snapshot.GetInt64();
                await outcome.RunAsync(
                    $"{name}@{id}", () => CompareAsync(folder, id, $"{folder}.snapshot-{id}.expected.jsonl"), Refusals);
            }
        }

        outcome.Report(TestContext.Current.TestOutputHelper!, minimumAgreed: 9);
    }

    [Fact]
    public async Task Recorded_histories_of_deduplicate_tables_read_as_expected_at_every_snapshot()
    {
        var cases = GoldenData.GoldenPath("cases");
        Assert.SkipUnless(Directory.Exists(cases), $"{cases} is absent: set PAIMON_GOLDEN.");
        var outcome = new GoldenOutcome();
        foreach (var folder in Directory.GetDirectories(cases).Order(StringComparer.Ordinal))
        {
            var table = Path.Combine(folder, "table");
            if (!Directory.Exists(Path.Combine(table, "schema")))
            {
                continue;
            }

            using var expected = JsonDocument.Parse(
                await File.ReadAllBytesAsync(Path.Combine(folder, "expected.json"), TestContext.Current.CancellationToken));
            // After a rollback or a fast-forward an id is used again: the last one of the main branch is what is left.
            var left = expected.RootElement.GetProperty("snapshots").EnumerateArray()
                .Where(snapshot => !snapshot.TryGetProperty("branch", out _))
                .GroupBy(snapshot => snapshot.GetProperty("id").GetInt64());
            foreach (var snapshot in left.Select(group => group.Last()))
            {
                var id = snapshot.GetProperty("id").GetInt64();
                if (File.Exists(Path.Combine(table, "snapshot", $"snapshot-{id}")) && snapshot.TryGetProperty("rows", out var rows)
                    && rows.ValueKind == JsonValueKind.Array)
                {
                    await outcome.RunAsync($"{Path.GetFileName(folder)}@{id}", () => CompareCaseAsync(table, id, rows), Refusals);
                }
            }
        }

        outcome.Report(TestContext.Current.TestOutputHelper!, minimumAgreed: 190);
    }

    private static async Task<string?> CompareAsync(string folder, long? snapshot, string expectedFile)
    {
        if (!File.Exists(expectedFile))
        {
            return GoldenOutcome.NoExpectation;
        }

        var table = await Table.OpenAsync(folder);
        var scan = snapshot is null ? table.NewScan() : table.NewScan().AsOfSnapshot(snapshot.Value);
        var actual = await RowsAsync(scan, asArrays: false);
        var expected = File.ReadLines(expectedFile).Select(line => Normalize(JsonDocument.Parse(line).RootElement)).ToList();
        return Difference(expected, actual);
    }

    private static async Task<string?> CompareCaseAsync(string folder, long snapshot, JsonElement rows)
    {
        var table = await Table.OpenAsync(folder);
        var actual = await RowsAsync(table.NewScan().AsOfSnapshot(snapshot), asArrays: true);
        return Difference([.. rows.EnumerateArray().Select(Normalize)], actual);
    }

    private static string? Difference(List<string> expected, List<string> actual)
    {
        expected.Sort(StringComparer.Ordinal);
        actual.Sort(StringComparer.Ordinal);
        var missing = expected.Except(actual).FirstOrDefault();
        var extra = actual.Except(expected).FirstOrDefault();
        return expected.SequenceEqual(actual)
            ? null
            : $"{expected.Count} rows expected, {actual.Count} read; missing {missing}; not expected {extra}";
    }

    private static async Task<List<string>> RowsAsync(TableScan scan, bool asArrays)
    {
        var rows = new List<string>();
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                using var stream = new MemoryStream();
                using (var writer = new Utf8JsonWriter(stream, JsonValueWriter.LineOptions))
                {
                    JsonValueWriter.WriteRow(writer, batch, row);
                }

                var element = JsonDocument.Parse(stream.ToArray()).RootElement;
                rows.Add(asArrays ? NormalizeAsArray(element) : Normalize(element));
            }
        }

        return rows;
    }

    private static string NormalizeAsArray(JsonElement row) =>
        $"[{string.Join(",", row.EnumerateObject().Select(member => Normalize(member.Value)))}]";

    /// <summary>One spelling for equal values: members sorted, numbers in their shortest form.</summary>
    private static string Normalize(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new StringBuilder("{").AppendJoin(',', value.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{JsonSerializer.Serialize(member.Name)}:{Normalize(member.Value)}")).Append('}').ToString(),
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(Normalize))}]",
        JsonValueKind.Number => value.TryGetInt64(out var number)
            ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : Shortest(value.GetDouble()),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        _ => value.GetRawText(),
    };

    // The smallest FLOATs have several shortest spellings: 1E-45 and 1.4E-45 are one value.
    private static string Shortest(double value) => (Math.Abs(value) < 1.2e-38 ? (float)value : value)
        .ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
