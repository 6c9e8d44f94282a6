using System.Text.Json;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>Counts what agrees, what differs, what is refused by name and what cannot be asked over a collection.</summary>
internal sealed class GoldenOutcome
{
    private readonly SortedDictionary<string, int> _agreed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _refused = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _notAsked = new(StringComparer.Ordinal);
    private readonly List<string> _differing = [];

    public int Agreed => _agreed.Values.Sum();

    /// <summary>Counts one read by its exit code and compares its rows when it has any.</summary>
    /// <param name="family">What kind of expectation this is, for the counts.</param>
    /// <param name="name">The table and what was asked of it.</param>
    /// <param name="result">What the tool answered.</param>
    /// <param name="compare">The first difference, null when there is none.</param>
    public void Add(string family, string name, ScanResult result, Func<IReadOnlyList<string>, string?> compare)
    {
        if (result.ExitCode == 3)
        {
            Count(_refused, WithoutNames(result.Error));
        }
        else if (result.ExitCode != 0)
        {
            _differing.Add($"{name}: exit code {result.ExitCode}: {result.Error}");
        }
        else if (compare(result.Lines) is { } difference)
        {
            _differing.Add($"{name}: {difference}");
        }
        else
        {
            Count(_agreed, family);
        }
    }

    /// <summary>Counts a read that Paimon refuses with an error, which must be refused as a wrong question here too.</summary>
    /// <param name="name">The table and what was asked of it.</param>
    /// <param name="result">What the tool answered.</param>
    /// <param name="expected">Paimon's error.</param>
    public void AddError(string name, ScanResult result, JsonElement expected)
    {
        if (result.ExitCode == 3)
        {
            Count(_refused, WithoutNames(result.Error));
        }
        else if (result.ExitCode == 0)
        {
            _differing.Add($"{name}: {result.Lines.Count} rows, but Paimon fails: {expected.GetProperty("message").GetString()}");
        }
        else if (result.ExitCode != 2)
        {
            _differing.Add($"{name}: exit code {result.ExitCode} instead of 2: {result.Error}");
        }
        else
        {
            Count(_agreed, "an error");
        }
    }

    /// <summary>Counts an expectation that the tool has no question for.</summary>
    public void NotAsked(string reason) => Count(_notAsked, reason);

    /// <summary>Prints the counts and fails on differences, or when fewer reads agree than must.</summary>
    /// <param name="output">Where the counts go.</param>
    /// <param name="isKnown">False for a collection other than the one that the floor was counted on.</param>
    /// <param name="floor">How many reads agree at least.</param>
    public void Report(ITestOutputHelper output, bool isKnown, int floor)
    {
        output.WriteLine(
            $"{Agreed} agree, {_differing.Count} differ, {_refused.Values.Sum()} refused by name, {_notAsked.Values.Sum()} not asked");
        Write("agree", _agreed);
        Write("refused", _refused);
        Write("not asked", _notAsked);
        Assert.True(_differing.Count == 0, string.Join('\n', _differing));
        Assert.True(Agreed >= (isKnown ? floor : 1), $"only {Agreed} reads agree");

        void Write(string title, SortedDictionary<string, int> counts)
        {
            foreach (var (reason, count) in counts)
            {
                output.WriteLine($"{title,-9} {count,5}  {reason}");
            }
        }
    }

    private static void Count(SortedDictionary<string, int> counts, string key) =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    // The reason without paths, which every table has another of.
    private static string WithoutNames(string error)
    {
        var text = error.Trim();
        text = text.StartsWith("error: ", StringComparison.Ordinal) ? text["error: ".Length..] : text;
        return text.StartsWith('/') && text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon ? text[(colon + 2)..] : text;
    }
}
