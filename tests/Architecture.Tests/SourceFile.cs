using System.Text.RegularExpressions;

namespace PaimonSharp.Architecture.Tests;

/// <summary>A C# file of the repository as the rules see it.</summary>
/// <param name="Path">Its path below the root, with forward slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The declared namespace; empty for a program's top-level statements.</summary>
    public string Namespace => NamespacePattern().Match(Text).Groups[1].Value;

    /// <summary>Every namespace of this project that the file names: usings, aliases, qualified names, doc references.</summary>
    public IEnumerable<string> References => ReferencePattern().Matches(Text).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>Every public type declared at the file's top level.</summary>
    public IReadOnlyList<string> PublicTypes =>
        [.. PublicTypePattern().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>Places in the documentation that the file points to: a page and an anchor in it.</summary>
    public IEnumerable<string> DocumentationReferences => AnchorPattern().Matches(Text).Select(match => match.Value);

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^(?:global )?using (?:static |\w+ = )?(PaimonSharp(?:\.\w+)*)", RegexOptions.Multiline)]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(
        @"^public (?:(?:sealed|abstract|static|readonly|ref|partial|unsafe) )*" +
        @"(?:class|struct|interface|enum|record struct|record class|record|delegate \S+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex PublicTypePattern();

    [GeneratedRegex(@"docs/[\w/-]+\.md#[\w-]+")]
    private static partial Regex AnchorPattern();
}
