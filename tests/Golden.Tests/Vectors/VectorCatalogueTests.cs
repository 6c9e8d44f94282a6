using System.Text.RegularExpressions;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Vectors;

/// <summary>What README.md says of the vectors: which there are, how many lines they have and who asks them.</summary>
public partial class VectorCatalogueTests
{
    private static readonly string Tests = Path.Combine(GoldenData.Root, "tests");

    [Fact]
    public void Every_file_of_vectors_is_listed_with_its_lines()
    {
        var folder = GoldenData.GoldenPath("vectors");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is absent: set PAIMON_GOLDEN.");
        var files = Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadLines(file).Count()));
        Assert.Equal(files, Listed().Select(line => (line.Name, line.Lines)).OrderBy(line => line.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_of_vectors_is_read_by_the_tests_that_are_named()
    {
        var sources = Directory.EnumerateFiles(Tests, "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        Assert.All(Listed(), line => Assert.All(line.Readers, reader => Assert.Contains(
            sources[reader], source => source.Contains($"\"{line.Name}.jsonl\"", StringComparison.Ordinal))));
    }

    private static List<(string Name, int Lines, List<string> Readers)> Listed()
    {
        var lines = File.ReadLines(Path.Combine(Tests, "Golden.Tests", "README.md"))
            .SkipWhile(line => line != "## Vectors").Select(line => LinePattern().Match(line)).Where(match => match.Success)
            .Select(match => (
                match.Groups[1].Value,
                int.Parse(match.Groups[2].ValueSpan),
                TestPattern().Matches(match.Groups[3].Value).Select(test => test.Groups[1].Value).ToList())).ToList();
        Assert.NotEmpty(lines);
        return lines;
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \| (\d+) \| (.*) \|$")]
    private static partial Regex LinePattern();

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestPattern();
}
