using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Runs of a workload as processes of their own, so that the peak memory of each is its own and nothing is warm that was not
/// warmed there.
/// </summary>
internal static class ChildRun
{
    /// <summary>The command of one run: <c>once WORKLOAD FOLDER FLAGS</c>.</summary>
    public const string Command = "once";

    private const long MemoryAboveBudget = 150_000_000;

    /// <summary>Starts a run and waits for its sample.</summary>
    /// <param name="workload">What to do.</param>
    /// <param name="folder">Where.</param>
    /// <param name="options">The flags.</param>
    public static async Task<Sample> RunAsync(string workload, string folder, MacroOptions options)
    {
        string[] arguments =
        [
            Command, workload, folder, "--rows", options.Rows.ToString(CultureInfo.InvariantCulture),
            "--compression", options.Compression, "--memory-budget", options.MemoryBudget,
            "--commit-rows", options.CommitRows.ToString(CultureInfo.InvariantCulture),
            "--buckets", options.Buckets.ToString(CultureInfo.InvariantCulture),
            "--lookup-cache", options.LookupCache,
            "--level-0", options.Level0Files.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Sample>(output)
            : throw new InvalidOperationException($"{workload}: the run ended with exit code {process.ExitCode}.");
    }

    /// <summary>The options of a table.</summary>
    public static Dictionary<string, string> TableOptionsOf(MacroOptions options) => new()
    {
        ["bucket"] = options.Buckets.ToString(CultureInfo.InvariantCulture),
        ["file.compression"] = options.Compression,
        ["memory-budget"] = options.MemoryBudget,
    };

    /// <summary>What became of the limit that the memory budget gives.</summary>
    /// <param name="options">The flags.</param>
    /// <param name="peakBytes">The most memory of ours.</param>
    public static string MemoryNote(MacroOptions options, long peakBytes) =>
        MemoryNote("memory-budget", options.MemoryBudget, peakBytes);

    /// <summary>What became of a limit.</summary>
    /// <param name="option">The option that gives it.</param>
    /// <param name="value">What it is set to.</param>
    /// <param name="peakBytes">The most memory of ours.</param>
    public static string MemoryNote(string option, string value, long peakBytes)
    {
        var limit = SizeOf(value) + MemoryAboveBudget;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"peak memory {peakBytes / 1e6:N0} MB with {option} = {value}; "
            + $"the limit is {limit / 1e6:N0} MB: {(peakBytes <= limit ? "kept" : "MISSED")}");
    }

    /// <summary>The bytes of a size as options have it.</summary>
    /// <param name="size">Such as <c>256 mb</c>.</param>
    public static long SizeOf(string size) => new TableOptions(new Dictionary<string, string> { ["size"] = size }).GetSize("size", 0);

    /// <summary>Removes a folder where it is there.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
