using System.Text.RegularExpressions;
using PaimonSharp.Testing;

namespace PaimonSharp.Architecture.Tests;

/// <summary>What every file of the repository keeps to.</summary>
public sealed partial class TreeTests
{
    private const int LongestSourceFile = 500;
    private static readonly string[] Scripts =
        ["test", "demo", "paimonsharp", ".ci/run", "tests/servers/get-servers.sh", "tests/servers/run-server.sh"];

    [Fact]
    public void Every_place_in_the_docs_that_code_names_exists()
    {
        var anchors = new Dictionary<string, HashSet<string>>();
        foreach (var path in Repository.Files("docs").Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
        {
            var text = Repository.Read(path);
            anchors[path] =
            [
                .. ExplicitAnchor().Matches(text).Select(match => match.Groups[1].Value),
                .. Heading().Matches(text).Select(match => Slug(match.Groups[1].Value)),
            ];
        }

        var missing = from folder in new[] { "src", "tests" }
                      from file in Repository.Sources(folder)
                      from reference in file.DocumentationReferences
                      let parts = reference.Split('#')
                      where !anchors.TryGetValue(parts[0], out var known) || !known.Contains(parts[1])
                      select $"{file.Path}: {reference}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (var path in Repository.Files(".").Where(path => path.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match link in LocalLink().Matches(Repository.Read(path)))
            {
                var target = Path.Combine(GoldenData.Root, Path.GetDirectoryName(path)!, link.Groups[1].Value);
                if (!Path.Exists(target))
                {
                    broken.Add($"{path}: {link.Groups[1].Value}");
                }
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Source_file_is_named_after_its_public_type()
    {
        // A closed family may share the file of its base type (names that begin with it, declarations that derive from it), or
        // a file of its own where every type derives from one base that the file does not declare.
        var wrong = from file in Repository.Sources("src")
                    let main = Path.GetFileNameWithoutExtension(file.Path)
                    let types = file.PublicTypes
                    where types.Count > 0
                    let strangers = types.Where(type => !type.StartsWith(main, StringComparison.Ordinal)
                        && !Regex.IsMatch(file.Text, $@"\b{type}\b[^{{;]*: {main}\b")).ToList()
                    where (strangers.Count > 0 || !types.Contains(main)) && !IsFamily(file, types)
                    select $"{file.Path}: {string.Join(", ", types)}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Source_file_stays_readable_in_one_sitting()
    {
        var tooLong = from file in Repository.Sources("src")
                      let lines = file.Text.Count(character => character == '\n')
                      where lines > LongestSourceFile
                      select $"{file.Path}: {lines} lines";

        Assert.Empty(tooLong);
    }

    [Fact]
    public async Task Project_speaks_of_itself_only()
    {
        // Spelled in halves, so that this file does not contain them.
        string[] words = ["/wo" + "rk/", "wt" + "-", "Co-" + "authored", "FIX" + "ME", "TO" + "DO"];
        var found = new List<string>();
        foreach (var path in await Repository.TrackedFilesAsync())
        {
            var extension = Path.GetExtension(path);
            if (extension is ".cs" or ".md" or ".sh" or ".csproj" or ".props" or ".txt" or "" && !path.Contains("binlog"))
            {
                var text = Repository.Read(path);
                found.AddRange(words.Where(word => text.Contains(word, StringComparison.Ordinal))
                    .Select(word => $"{path}: {word}"));
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    public void Default_folders_of_the_collections_are_named_in_one_place()
    {
        var shared = "../" + "shared";
        var naming = Repository.Sources("src").Concat(Repository.Sources("tests")).Concat(Repository.Sources("bench"))
            .Where(file => file.Text.Contains(shared, StringComparison.Ordinal)).Select(file => file.Path);

        Assert.Equal(["tests/Testing/GoldenData.cs"], naming);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_its_lock_file()
    {
        var solution = Repository.Read("PaimonSharp.sln").Replace('\\', '/');
        var projects = new[] { "src", "tests", "bench", "samples" }
            .Where(folder => Directory.Exists(Path.Combine(GoldenData.Root, folder)))
            .SelectMany(Repository.Files).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        Assert.All(projects, path => Assert.Contains($"\"{path}\"", solution));
        Assert.All(projects, path => Assert.True(
            File.Exists(Path.Combine(GoldenData.Root, Path.GetDirectoryName(path)!, "packages.lock.json")), path));
    }

    [Fact]
    public void Scripts_can_be_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files have no mode here");
        foreach (var script in Scripts)
        {
#pragma warning disable CA1416 // skipped above where there are no modes
            var mode = File.GetUnixFileMode(Path.Combine(GoldenData.Root, script));
#pragma warning restore CA1416
            Assert.True(mode.HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute), $"{script} is not executable");
            Assert.StartsWith("#!/usr/bin/env bash\n", Repository.Read(script));
        }
    }

    [Fact]
    public void Programs_that_the_texts_tell_to_run_exist()
    {
        var named = new[] { "README.md", "CONTRIBUTING.md" }
            .SelectMany(path => RelativeProgram().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value)).Distinct();

        Assert.All(named, program => Assert.True(File.Exists(Path.Combine(GoldenData.Root, program)), program));
        Assert.Contains("demo", named);
        Assert.Contains("test", named);
    }

    private static bool IsFamily(SourceFile file, IReadOnlyList<string> types) => types.Count > 1
        && types.Select(type => Regex.Match(file.Text, $@"^public [^\n]*\b{type}\b[^\n{{;]*: (\w+)", RegexOptions.Multiline))
            .Select(match => match.Success ? match.Groups[1].Value : "").Distinct().ToList() is [{ Length: > 0 }];

    private static string Slug(string heading) => NotInSlug().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^#+ (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NotInSlug();

    [GeneratedRegex("<a id=\"([\\w-]+)\"></a>")]
    private static partial Regex ExplicitAnchor();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex LocalLink();

    [GeneratedRegex(@"^\s*(?:\$ )?\./([\w./-]+)", RegexOptions.Multiline)]
    private static partial Regex RelativeProgram();
}
