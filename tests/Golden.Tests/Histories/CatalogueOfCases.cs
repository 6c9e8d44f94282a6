using System.Globalization;
using System.Text.RegularExpressions;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Histories;

/// <summary>What README.md says of the recorded histories, which the tests keep true: fewer must not agree.</summary>
internal sealed partial class CatalogueOfCases
{
    private CatalogueOfCases(int[] numbers) => (Histories, Replays, Plain, Reads) = (numbers[0], numbers[1], numbers[3], numbers[4]);

    /// <summary>All histories.</summary>
    public int Histories { get; }

    /// <summary>Histories that are performed as recorded.</summary>
    public int Replays { get; }

    /// <summary>Histories that need the plain format only.</summary>
    public int Plain { get; }

    /// <summary>Recorded tables of which everything is read as recorded.</summary>
    public int Reads { get; }

    /// <summary>Reads the page.</summary>
    public static CatalogueOfCases Read()
    {
        var page = File.ReadAllText(Path.Combine(GoldenData.Root, "tests", "Golden.Tests", "README.md"));
        var totals = TotalsPattern().Match(page);
        Assert.True(totals.Success, "README.md has no line of all histories.");
        return new CatalogueOfCases(
            [.. totals.Groups.Values.Skip(1).Select(group => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture))]);
    }

    [GeneratedRegex(@"\| all \| (\d+) \| (\d+) \| (\d+) of (\d+) \| (\d+) \|")]
    private static partial Regex TotalsPattern();
}
