using System.Text.RegularExpressions;
using PaimonSharp.Data.Options;
using PaimonSharp.Testing;

namespace PaimonSharp.Storage.Tests.Docs;

/// <summary>docs/options.md names the options that are known, and no others.</summary>
public sealed partial class OptionPageTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(GoldenData.Root, "docs", "options.md"));

    [Fact]
    public void Every_option_that_is_known_stands_in_the_page() =>
        Assert.Empty(KnownOptions.Keys.Concat(KnownOptions.KeyFamilies).Except(Spans(Document)));

    [Fact]
    public void Every_option_of_the_page_is_known()
    {
        var ignored = Document[Document.IndexOf("## Kept and ignored", StringComparison.Ordinal)..];
        var keys = Row().Matches(Document).Select(match => match.Groups[1].Value).Concat(Spans(ignored)).ToList();

        Assert.True(keys.Count > 300, $"{keys.Count} keys");
        Assert.DoesNotContain(keys.Except(KnownOptions.KeyFamilies), key => !KnownOptions.Contains(Filled(key)));
    }

    private static string Filled(string key) => key.Replace("<column>", "c", StringComparison.Ordinal).Replace("<kind>", "bsi", StringComparison.Ordinal);

    private static IEnumerable<string> Spans(string text) => Span().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();
}
