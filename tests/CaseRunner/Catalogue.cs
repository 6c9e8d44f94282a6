using System.Text;

namespace PaimonSharp.CaseRunner;

/// <summary>The outcomes of all cases as tables for people.</summary>
internal static class Catalogue
{
    /// <summary>Writes the tables.</summary>
    /// <param name="replays">The outcomes of performing the steps.</param>
    /// <param name="reads">The outcomes of reading the recorded tables.</param>
    public static string Of(IReadOnlyList<CaseOutcome> replays, IReadOnlyList<CaseOutcome> reads)
    {
        var text = new StringBuilder();
        text.Append("| family | histories | performed as recorded | read as recorded | no table was kept |\n|---|---|---|---|---|\n");
        foreach (var family in replays.GroupBy(outcome => outcome.Family).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            AppendFamily(text, family.Key, [.. family], [.. reads.Where(read => read.Family == family.Key)]);
        }

        AppendFamily(text, "all", replays, reads);
        AppendExceptions(text, "not performed as recorded", replays);
        AppendExceptions(text, "not read as recorded", reads);
        return text.ToString();
    }

    private static void AppendFamily(
        StringBuilder text, string name, IReadOnlyList<CaseOutcome> replays, IReadOnlyList<CaseOutcome> reads) => text.Append(
            $"| {name} | {replays.Count} | {Good(replays)} | {Good(reads)} | {reads.Count(read => read.Reason == RecordedRead.NoTable)} |\n");

    private static int Good(IEnumerable<CaseOutcome> outcomes) => outcomes.Count(outcome => outcome.IsGood);

    private static void AppendExceptions(StringBuilder text, string title, IReadOnlyList<CaseOutcome> outcomes)
    {
        text.Append($"\n| {title} | how |\n|---|---|\n");
        foreach (var outcome in outcomes.Where(outcome => outcome.Verdict != CaseVerdict.Agree && outcome.Reason != RecordedRead.NoTable))
        {
            text.Append($"| `{outcome.Name}` | {outcome.Text.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }
}
