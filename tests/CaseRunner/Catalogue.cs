using System.Text;
using System.Text.RegularExpressions;

namespace PaimonSharp.CaseRunner;

/// <summary>The outcomes of all cases as tables for people.</summary>
internal static partial class Catalogue
{
    /// <summary>Writes the tables.</summary>
    /// <param name="replays">The outcomes of performing the steps.</param>
    /// <param name="reads">The outcomes of reading the recorded tables.</param>
    public static string Of(IReadOnlyList<CaseOutcome> replays, IReadOnlyList<CaseOutcome> reads)
    {
        var text = new StringBuilder();
        text.Append("| family | histories | performed as recorded | of those of the plain format | read as recorded |\n|---|---|---|---|---|\n");
        foreach (var family in replays.GroupBy(outcome => outcome.Family).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            AppendFamily(text, family.Key, [.. family], [.. reads.Where(read => read.Family == family.Key)]);
        }

        AppendFamily(text, "all", replays, reads);
        AppendReasons(text, "not performed as recorded", replays);
        AppendReasons(text, "not read as recorded", reads);
        return text.ToString();
    }

    private static void AppendFamily(
        StringBuilder text, string name, IReadOnlyList<CaseOutcome> replays, IReadOnlyList<CaseOutcome> reads)
    {
        var plain = replays.Where(replay => replay.Scope is null).ToList();
        text.Append($"| {name} | {replays.Count} | {Agreed(replays)} | {Agreed(plain)} of {plain.Count} | {Agreed(reads)} |\n");
    }

    private static int Agreed(IEnumerable<CaseOutcome> outcomes) => outcomes.Count(outcome => outcome.Verdict == CaseVerdict.Agree);

    private static void AppendReasons(StringBuilder text, string title, IReadOnlyList<CaseOutcome> outcomes)
    {
        text.Append($"\n| {title} | histories |\n|---|---|\n");
        var reasons = outcomes.Where(outcome => outcome.Verdict != CaseVerdict.Agree).GroupBy(ReasonOf)
            .OrderByDescending(reason => reason.Count()).ThenBy(reason => reason.Key, StringComparer.Ordinal);
        foreach (var reason in reasons)
        {
            text.Append($"| {reason.Key} | {reason.Count()} |\n");
        }

        foreach (var note in outcomes.Where(outcome => outcome.Verdict == CaseVerdict.Agree && outcome.Reason.Length > 0))
        {
            text.Append($"| {note.Name} {note.Reason} | counted as agreeing |\n");
        }
    }

    private static string ReasonOf(CaseOutcome outcome) => outcome.Verdict == CaseVerdict.Unsupported
        ? $"refused: {WithoutNames(outcome.Reason)}"
        : outcome.Scope is { } scope ? $"differs, and needs {scope}" : $"differs: {outcome.Name}";

    // The same refusal of different tables is one reason.
    private static string WithoutNames(string reason) =>
        NamePattern().Replace(reason.Split('\n')[0].Split(';')[0], "").Replace("|", "/", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"^step \d+, \w+: |/\S+/(db\.db/)?t(able)?: ?")]
    private static partial Regex NamePattern();
}
