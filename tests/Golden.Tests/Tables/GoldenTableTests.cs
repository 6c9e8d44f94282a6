using System.Text.Json;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>
/// Tables of other writers, read by the tool as anybody reads them: rows as their origin states, or a refusal that names the
/// feature; never other rows. README.md beside the project says what the collection holds and what is refused.
/// </summary>
public class GoldenTableTests
{
    /// <summary>What the infixes of expected files ask for, as arguments of the tool; null where it has no such question.</summary>
    private static readonly Dictionary<string, string[]> Questions = new(StringComparer.Ordinal)
    {
        ["main-only"] = ["--main-only"],
        ["all-levels-merged"] = ["--all-levels"],
        ["with-row-id"] = ["--row-ids"],
        ["delta"] = ["--changelog"],
        ["changelog"] = ["--changelog"],
        ["opt-deduplicate"] = ["--option", "merge-engine=deduplicate", "--option", "ignore-delete=false"],
        ["opt-aggregation"] =
        [
            "--option", "merge-engine=aggregation", "--option", "fields.v0.aggregate-function=sum",
            "--option", "fields.v1.aggregate-function=bool_and",
        ],
        ["opt-aggregation-sum"] = ["--option", "merge-engine=aggregation", "--option", "fields.f3.aggregate-function=sum"],
        ["opt-partial-update-ignore-delete"] = ["--option", "merge-engine=partial-update", "--option", "ignore-delete=true"],
        ["opt-partial-update-seqgroup"] =
        [
            "--option", "merge-engine=partial-update", "--option", "ignore-delete=true",
            "--option", "fields.v1.sequence-group=v0", "--option", "fields.v0.aggregate-function=first_value",
        ],
        ["opt-remove-record-on-delete"] =
            ["--option", "partial-update.remove-record-on-delete=true", "--option", "ignore-delete=false"],
        ["projected"] = [],
        ["f1=10"] = [],
        ["bucket-1"] = ["--where", "f1 = 10 AND f2 = 0"],
    };

    [Fact]
    public async Task Tables_of_other_writers_give_their_rows_or_a_named_refusal()
    {
        var index = GoldenData.GoldenPath("index.json");
        Assert.SkipUnless(File.Exists(index), $"{index} is absent: set PAIMON_GOLDEN.");
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken));
        var outcome = new GoldenOutcome();
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var folder = GoldenData.GoldenPath(entry.GetProperty("origin").GetString()!);
            var table = entry.GetProperty("table").GetString()!;
            foreach (var suffix in (string[])[".expected.jsonl", ".rawread.jsonl"])
            {
                foreach (var file in Directory.GetFiles(folder, $"{table}*{suffix}").Order(StringComparer.Ordinal))
                {
                    var infix = Path.GetFileName(file)[table.Length..^suffix.Length];
                    if (infix.Length == 0 || infix[0] == '.')
                    {
                        await AskAsync(outcome, Path.Combine(folder, table), infix.TrimStart('.'), file);
                    }
                }
            }
        }

        outcome.Report(TestContext.Current.TestOutputHelper!, document.RootElement.GetArrayLength() == 48, floor: 120);
    }

    private static long SnapshotOf(string change)
    {
        using var document = JsonDocument.Parse(change);
        return document.RootElement.GetProperty("_snapshot").GetInt64();
    }

    private static async Task AskAsync(GoldenOutcome outcome, string table, string infix, string file)
    {
        if (infix.StartsWith("tz-", StringComparison.Ordinal))
        {
            // The rows are those of another reader, which shifts INT to TIMESTAMP and back by the zone, where Paimon shifts
            // INT to the local-zone form; INDEX.md says that nothing was ever written with that schema.
            outcome.NotAsked("casts between integers and times in a zone, where Paimon itself gives other rows");
            return;
        }

        var expected = await File.ReadAllLinesAsync(file);
        var external = table + ".external";
        var arguments = new List<string>();
        foreach (var part in infix.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.LastIndexOf('-');
            var isNumbered = dash > 0 && part.AsSpan(dash + 1).IndexOfAnyExceptInRange('0', '9') < 0;
            if (Questions.TryGetValue(part, out var question))
            {
                arguments.AddRange(question);
            }
            else if (isNumbered && part[..dash] is "snapshot" or "schema")
            {
                arguments.AddRange(["--" + part[..dash], part[(dash + 1)..]]);
            }
            else if (part.StartsWith("branch-", StringComparison.Ordinal))
            {
                arguments.AddRange(["--branch", part["branch-".Length..]]);
            }
            else
            {
                outcome.NotAsked($"expectation '{part}'");
                return;
            }
        }

        if (infix.Contains("projected", StringComparison.Ordinal) && expected.Length > 0)
        {
            arguments.AddRange(["--select", string.Join(',', GoldenRows.Names(expected[0]))]);
        }

        if (arguments.Contains("--changelog"))
        {
            arguments.AddRange(["--from", $"{expected.Min(SnapshotOf)}"]);
        }

        Func<string, string> normalize = infix.Contains("opt-aggregation", StringComparison.Ordinal)
            ? GoldenRows.NormalizeSums
            : GoldenRows.Normalize;
        var family = infix.Length == 0 ? "newest state"
            : infix.StartsWith("snapshot-", StringComparison.Ordinal) ? "a snapshot" : string.Join(' ', arguments.Where(a => a[0] == '-'));
        outcome.Add(
            family,
            $"{Path.GetFileName(table)} {infix}",
            Directory.Exists(external)
                ? await ScanResult.OfExternalAsync(table, external, arguments is ["--snapshot", var id] ? long.Parse(id) : null)
                : await ScanResult.OfAsync(table, arguments),
            lines => GoldenRows.Difference(expected.Select(normalize), lines.Select(normalize)));
    }
}
