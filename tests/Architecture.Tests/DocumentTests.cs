using System.Text.RegularExpressions;
using PaimonSharp.Testing;

namespace PaimonSharp.Architecture.Tests;

/// <summary>What the texts say of the code is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<string> Documents =
        [.. Repository.Files(".").Where(path => path.EndsWith(".md", StringComparison.Ordinal) && !path.Contains("results/"))];

    [Fact]
    public void Types_and_members_that_the_texts_name_exist()
    {
        var words = Repository.Sources("src").Concat(Repository.Sources("tests"))
            .SelectMany(file => Word().Matches(file.Text).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

        var missing = from path in Documents
                      from Match name in TypeName().Matches(Repository.Read(path))
                      from part in name.Groups[1].Value.Split('.')
                      where !words.Contains(part)
                      select $"{path}: {name.Value}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Folders_and_files_of_the_code_that_the_texts_name_exist()
    {
        var missing = from path in Documents
                      from Match place in SourcePlace().Matches(Repository.Read(path))
                      let name = place.Groups[1].Value.TrimEnd('/')
                      let root = name.StartsWith("tests/", StringComparison.Ordinal) || name.StartsWith("bench/", StringComparison.Ordinal) ? "" : "src"
                      where !Path.Exists(Path.Combine(GoldenData.Root, root, name))
                      select $"{path}: {name}";

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_environment_variable_is_explained()
    {
        var explained = Variable().Matches(Repository.Read("CONTRIBUTING.md")).Select(match => match.Value).ToHashSet();
        var tracked = await Repository.TrackedFilesAsync();
        var used = from path in tracked
                   where Path.GetExtension(path) is ".cs" or ".sh" or ".props" || path is "test" or "demo" or "paimonsharp" or ".ci/run"
                   from Match variable in Variable().Matches(Repository.Read(path))
                   where !explained.Contains(variable.Value)
                   select $"{path}: {variable.Value}";

        Assert.Empty(used.Distinct());
    }

    [Fact]
    public void Decisions_are_numbered_in_order_and_headed_by_their_numbers()
    {
        var decisions = Repository.Files("docs/decisions").ToList();

        Assert.NotEmpty(decisions);
        for (var i = 0; i < decisions.Count; i++)
        {
            Assert.StartsWith($"docs/decisions/{i + 1:0000}-", decisions[i], StringComparison.Ordinal);
            Assert.StartsWith($"# {i + 1}. ", Repository.Read(decisions[i]), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+(?:\.[A-Z]\w+)*)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"`((?:Data|Merge|Storage|Cdc|Query|Cli|tests|bench)/[\w/.]+)`")]
    private static partial Regex SourcePlace();

    [GeneratedRegex(@"\bPAIMON(?:SHARP)?_[A-Z_]*[A-Z]\b")]
    private static partial Regex Variable();
}
