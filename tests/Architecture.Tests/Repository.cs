using PaimonSharp.Testing;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Architecture.Tests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    private static readonly string[] GeneratedFolders = ["bin", "obj", "artifacts", "node_modules", ".tools", ".git"];

    /// <summary>Every C# file below a folder of the root, without what builds generate.</summary>
    /// <param name="folder">A folder of the root, for example <c>src</c>.</param>
    public static IReadOnlyList<SourceFile> Sources(string folder) =>
        [.. Files(folder).Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => new SourceFile(path, Read(path)))];

    /// <summary>Every file below a folder of the root, as paths below the root.</summary>
    /// <param name="folder">A folder of the root, or <c>.</c> for all.</param>
    public static IEnumerable<string> Files(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        return Directory.EnumerateFiles(Path.Combine(GoldenData.Root, folder), "*", options)
            .Select(path => Path.GetRelativePath(GoldenData.Root, path))
            .Where(path => !path.Split('/').Intersect(GeneratedFolders).Any())
            .Order(StringComparer.Ordinal);
    }

    /// <summary>A file's text.</summary>
    /// <param name="path">Its path below the root.</param>
    public static string Read(string path) => File.ReadAllText(Path.Combine(GoldenData.Root, path));

    /// <summary>The files that are committed or about to be; all files where git is absent.</summary>
    public static async Task<IReadOnlyList<string>> TrackedFilesAsync()
    {
        if (Command.Find("git") is null)
        {
            return [.. Files(".")];
        }

        var listed = await Command.RunAsync("git", "-C", GoldenData.Root, "ls-files", "--cached", "--others", "--exclude-standard");
        return listed.ExitCode == 0
            ? [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(path => File.Exists(Path.Combine(GoldenData.Root, path)))]
            : [.. Files(".")];
    }
}
