using System.Text.RegularExpressions;

namespace PaimonSharp.Architecture.Tests;

/// <summary>docs/options.md names exactly the table options that the code names.</summary>
public sealed partial class OptionTests
{
    private const string Page = "docs/options.md";
    private const string IgnoredHeading = "## Kept and ignored";

    /// <summary>Texts of the code that look like keys of options and are values, file properties or names of something else.</summary>
    private static readonly HashSet<string> NoOptions = new(StringComparer.Ordinal)
    {
        "avro.codec", "avro.schema", "bloom-filter", "chunk-size", "compacted-full", "default-aggregate-function", "first-row",
        "from-creation-timestamp", "from-file-creation-time", "from-snapshot", "from-snapshot-full", "from-timestamp",
        "full-compaction", "index-block-size", "latest-full", "libzstd.so.1", "local-timestamp-micros", "local-timestamp-millis",
        "materialized-table", "org.apache.paimon.avro.generated", "paimonsharp-lookup", "partial-update", "process-time", "range-bitmap", "time-millis",
        "timestamp-micros", "timestamp-millis", "two-hours", "update-time", "values-time", "vector-dim", "version",
    };

    private static readonly string[] Tables = ["src/Data", "src/Merge", "src/Storage"];

    [Fact]
    public void Every_option_that_the_code_names_is_explained() =>
        Assert.Empty(Named().Except(Explained()).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_option_that_is_explained_is_named_by_the_code() =>
        Assert.Empty(Explained().Except(Named()).Except(OldNames()).Except(["file-index.<kind>.columns"]).Order(StringComparer.Ordinal));

    [Fact]
    public void No_option_that_is_said_to_be_ignored_is_named_by_the_code()
    {
        var text = Repository.Read(Page);
        var ignored = Code().Matches(text[text.IndexOf(IgnoredHeading, StringComparison.Ordinal)..])
            .Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(ignored);
        Assert.Empty(ignored.Intersect(Named()));
    }

    [Fact]
    public void An_option_is_explained_once()
    {
        var rows = Row().Matches(Repository.Read(Page)).Select(match => match.Groups[1].Value);

        Assert.Empty(rows.GroupBy(key => key).Where(rows => rows.Count() > 1).Select(rows => rows.Key));
    }

    private static HashSet<string> Explained() =>
        [.. Row().Matches(Repository.Read(Page)).Select(match => match.Groups[1].Value)];

    /// <summary>The older names of options, by which the code finds values that it asks for by the newer ones.</summary>
    private static IEnumerable<string> OldNames() =>
        OldNameList().Match(Repository.Read("src/Data/Options/KnownOptionKeys.cs")).Groups[1].Value
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => !word.EndsWith(':'));

    private static HashSet<string> Named()
    {
        var code = Tables.SelectMany(Repository.Sources).Select(file => Comment().Replace(file.Text, "")).ToList();
        var keys = code.SelectMany(text => Key().Matches(text)).Select(match => match.Groups[1].Value)
            .Concat(code.SelectMany(text => ShortKey().Matches(text)).Select(match => match.Groups[1].Value))
            .Concat(code.SelectMany(text => ColumnKey().Matches(text)).Select(match => "fields.<column>" + match.Groups[1].Value));
        return [.. keys.Except(NoOptions)];
    }

    /// <summary>A row of a table: its first cell.</summary>
    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("string OldNames =\\s*\"\"\"(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex OldNameList();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>A text of lower-case words with points or dashes between them.</summary>
    [GeneratedRegex(@"(?<!\$)""([a-z][a-z0-9]*(?:[.-][a-z0-9-]+)+)""")]
    private static partial Regex Key();

    /// <summary>A key of one word is known by the call that reads it.</summary>
    [GeneratedRegex(
        @"(?:[oO]ptions\.(?:GetString|GetChoice|GetInt32|Contains|TryGet|TryGetValue|GetValueOrDefault)\(|TakeKeys\(options, )""([a-z]+)""")]
    private static partial Regex ShortKey();

    /// <summary>The key of an option of one column, whole or as the end of one.</summary>
    [GeneratedRegex(@"(?:fields\.\{[^}]+\}|Suffix = ""(?=\.\w+-))(\.[a-z-]+)(?=[""'])")]
    private static partial Regex ColumnKey();
}
