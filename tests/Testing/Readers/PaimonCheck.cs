using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Testing.Readers;

/// <summary>
/// The independent reader and checker of tables in the folder PAIMON_CHECK, run by Node. It is copied into
/// <c>.tools/paimon-check</c> of the repository and its packages are installed there once; a test is skipped, aloud,
/// when the checker, Node or the packages cannot be had.
/// </summary>
public static class PaimonCheck
{
    private const int Unsupported = 3;
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Fails the test when the checker finds a violation in a table, in any of its snapshots.</summary>
    /// <param name="tableFolder">The table's folder.</param>
    public static async Task AssertValidAsync(string tableFolder)
    {
        var result = await RunAsync("check", tableFolder, "--all-snapshots");
        Assert.True(
            result.ExitCode == 0 || (result.ExitCode == Unsupported && !HasViolation(result)),
            $"paimon-check, exit code {result.ExitCode}, on {tableFolder}:\n{result.Output}\n{result.Error}");
    }

    /// <summary>The rows of a table as the checker reads them, one JSON object each.</summary>
    /// <param name="tableFolder">The table's folder.</param>
    /// <param name="options">Options such as <c>--snapshot</c> and its number.</param>
    public static Task<IReadOnlyList<JsonElement>> ReadAsync(string tableFolder, params string[] options) =>
        LinesAsync(["read", tableFolder, .. options]);

    /// <summary>The changes of the snapshots <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    /// <param name="tableFolder">The table's folder.</param>
    /// <param name="from">The first snapshot.</param>
    /// <param name="to">The last snapshot; the newest by default.</param>
    public static Task<IReadOnlyList<JsonElement>> ChangelogAsync(string tableFolder, long from, long? to = null) =>
        LinesAsync(["changelog", tableFolder, "--from", $"{from}", .. to is null ? [] : new[] { "--to", $"{to}" }]);

    /// <summary>Runs the checker and gives how it ended.</summary>
    /// <param name="arguments">A command and its arguments.</param>
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var folder = await PrepareAsync();
        return await Command.RunAsync("node", [Path.Combine(folder, "paimon-check.js"), .. arguments], CheckTimeout);
    }

    private static bool HasViolation(CommandResult result) =>
        result.Output.Contains(": found ", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<JsonElement>> LinesAsync(string[] arguments)
    {
        var result = (await RunAsync(arguments)).EnsureSuccess();
        var rows = new List<JsonElement>();
        foreach (var line in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            rows.Add(document.RootElement.Clone());
        }

        return rows;
    }

    private static async Task<string> PrepareAsync()
    {
        var source = GoldenData.Check;
        Assert.SkipUnless(File.Exists(Path.Combine(source, "paimon-check.js")), $"paimon-check is not in {source}");
        Assert.SkipUnless(Command.Find("node") is not null, "node is not on this machine (package nodejs)");
        Assert.SkipUnless(Command.Find("npm") is not null, "npm is not on this machine (package npm)");
        var tools = Path.Combine(GoldenData.Root, ".tools", "paimon-check");
        var folder = Path.Combine(tools, Fingerprint(source));
        var mark = Path.Combine(folder, "installed");
        if (File.Exists(mark))
        {
            return folder;
        }

        using var held = await FileLock.AcquireAsync(Path.Combine(tools, ".lock"), TimeSpan.FromMinutes(5));
        if (!File.Exists(mark))
        {
            CopyFolder(source, folder);
            var installed = await Command.RunAsync(
                "npm", ["ci", "--no-audit", "--no-fund"], TimeSpan.FromMinutes(4), workingFolder: folder);
            Assert.SkipUnless(installed.ExitCode == 0, $"npm ci of paimon-check failed: {installed.Error}");
            await File.WriteAllTextAsync(mark, "");
        }

        return folder;
    }

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>A name that changes with any of the checker's files, so that a newer checker is installed anew.</summary>
    private static string Fingerprint(string source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Files(source))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(source, path)));
            hash.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (var path in Files(source))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(path));
        }
    }
}
