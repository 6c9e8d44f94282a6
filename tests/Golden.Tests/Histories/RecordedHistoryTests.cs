using PaimonSharp.CaseRunner;
using PaimonSharp.Golden.Tests.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Histories;

/// <summary>
/// Histories that Apache Paimon was driven through, performed again by this engine, and their tables read: snapshots, files,
/// changelogs, reads, states and errors are those that were recorded. What is known to differ is listed in
/// <see cref="CaseExceptions"/>, and stands in README.md.
/// </summary>
public class RecordedHistoryTests
{
    private static readonly Lazy<Task<IReadOnlyList<CaseOutcome>>> Replays = new(() => CaseRun.RunAllAsync(Folders, isReadOnly: false));
    private static readonly Lazy<Task<IReadOnlyList<CaseOutcome>>> Reads = new(() => CaseRun.RunAllAsync(Folders, isReadOnly: true));

    private static IReadOnlyList<string> Folders => GoldenCase.Folders();

    [Fact]
    public async Task Every_history_is_performed_as_recorded() => Assert.Empty((await Replays.Value).Where(IsBad).Select(TextOf));

    [Fact]
    public async Task Every_recorded_table_gives_what_was_recorded_of_it() => Assert.Empty((await Reads.Value)
        .Where(outcome => IsBad(outcome) && outcome.Reason != RecordedRead.NoTable).Select(TextOf));

    [Fact]
    public async Task The_catalogue_says_what_agrees_and_what_does_not()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(GoldenData.Root, "tests", "Golden.Tests", "README.md"), TestContext.Current.CancellationToken);

        // The tables of README.md are printed by CaseRunner --catalogue. A history more or less than there changes them.
        Assert.Contains(Catalogue.Of(await Replays.Value, await Reads.Value), page, StringComparison.Ordinal);
    }

    private static bool IsBad(CaseOutcome outcome) => !outcome.IsGood;

    private static string TextOf(CaseOutcome outcome) => $"{outcome.Name}: {outcome.Text}";
}
