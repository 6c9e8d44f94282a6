using PaimonSharp.CaseRunner;
using PaimonSharp.Golden.Tests.Tables;

namespace PaimonSharp.Golden.Tests.Histories;

/// <summary>
/// Histories that Apache Paimon was driven through, performed again by this engine, and their tables read: snapshots, files,
/// changelogs, reads, states and errors are those that were recorded.
/// </summary>
public class RecordedHistoryTests
{
    private static readonly CatalogueOfCases Catalogue = CatalogueOfCases.Read();

    [Fact]
    public async Task Every_history_of_the_plain_format_is_performed_as_recorded()
    {
        var outcomes = await RunAsync(CaseScope.IsTableFormat, isReadOnly: false);

        Assert.Equal(Catalogue.Plain, outcomes.Count);
        Assert.Empty(outcomes.Where(outcome => outcome.Verdict != CaseVerdict.Agree)
            .Select(outcome => $"{outcome.Name}: {outcome.Text}"));
    }

    [Fact]
    public async Task Other_histories_are_performed_as_recorded_or_need_a_feature_that_is_named()
    {
        var outcomes = await RunAsync(input => !CaseScope.IsTableFormat(input), isReadOnly: false);

        Assert.All(outcomes.Where(outcome => outcome.Verdict == CaseVerdict.Differ), outcome => Assert.NotNull(outcome.Scope));
        Assert.True(Count(outcomes) >= Catalogue.Replays - Catalogue.Plain, Summary(outcomes));
    }

    [Fact]
    public async Task Every_recorded_table_gives_what_was_recorded_of_it_or_is_refused_by_name()
    {
        var outcomes = await RunAsync(_ => true, isReadOnly: true);

        Assert.Empty(outcomes.Where(outcome => outcome.Verdict == CaseVerdict.Differ)
            .Select(outcome => $"{outcome.Name}: {outcome.Text}"));
        Assert.True(Count(outcomes) >= Catalogue.Reads, Summary(outcomes));
    }

    private static async Task<IReadOnlyList<CaseOutcome>> RunAsync(Func<CaseInput, bool> isWanted, bool isReadOnly)
    {
        var folders = GoldenCase.Folders();
        Assert.SkipUnless(
            folders.Count == Catalogue.Histories, $"The counts are those of {Catalogue.Histories} histories; {folders.Count} are there.");
        var outcomes = await CaseRun.RunAllAsync(folders, isReadOnly, isWanted);
        TestContext.Current.TestOutputHelper!.WriteLine(Summary(outcomes));
        return outcomes;
    }

    private static int Count(IEnumerable<CaseOutcome> outcomes) => outcomes.Count(outcome => outcome.Verdict == CaseVerdict.Agree);

    private static string Summary(IReadOnlyList<CaseOutcome> outcomes) => string.Join(
        '\n',
        outcomes.GroupBy(outcome => outcome.Verdict).Select(group => $"{group.Count()} {group.Key}").Concat(
            outcomes.Where(outcome => outcome.Verdict == CaseVerdict.Differ).Select(outcome => $"{outcome.Name}: {outcome.Text}")));
}
