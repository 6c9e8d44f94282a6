using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PaimonSharp.Bench.Kit;
using PaimonSharp.Testing.Servers;

namespace PaimonSharp.Bench.Macro.Peers;

/// <summary>
/// DuckDB's command line fetching all columns of the same Parquet files: every row of the result is materialised and handed to
/// the shell, which throws it away unprinted (<c>.mode trash</c>); the time is that of <c>.timer</c>. All its threads are at work, and
/// the query runs twice, the second time is taken.
/// </summary>
internal static partial class DuckDbPeer
{
    /// <summary>What to do where it is absent.</summary>
    public const string MissingAdvice = "DuckDB is not there: run tests/servers/get-servers.sh duckdb; no ratio";

    private static readonly string Program = ServerInstallation.Program("duckdb", "duckdb");

    /// <summary>Whether it is there.</summary>
    public static bool IsPresent => File.Exists(Program);

    /// <summary>Fetches the rows of the files.</summary>
    /// <param name="orders">The rows.</param>
    /// <param name="files">The Parquet files.</param>
    public static async Task<Sample> ScanAsync(OrderTable orders, IReadOnlyList<string> files)
    {
        var source = $"read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}])";
        var fetch = $"SELECT id, customer, quantity, price, total, note FROM {source};";
        var start = new ProcessStartInfo(Program, ["-csv", "-noheader"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var reading = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(
            $"""
            SELECT count(*), sum(id)::BIGINT, sum(strlen(note))::BIGINT FROM {source};
            .mode trash
            {fetch}
            .timer on
            {fetch}
            .timer off
            .shell grep VmHWM /proc/$PPID/status

            """);
        process.StandardInput.Close();
        var output = await reading;
        await process.WaitForExitAsync();
        var counted = Counts().Match(output);
        var time = Times().Match(output);
        if (process.ExitCode != 0 || !counted.Success || !time.Success)
        {
            throw new InvalidOperationException($"{Program} ended with exit code {process.ExitCode}: {output}");
        }

        orders.Check("DuckDB", Number(counted, 1), Number(counted, 2), Number(counted, 3));
        var peak = Peak().Match(output);
        return new Sample(
            Seconds(time, 1), orders.RowCount, peak.Success ? Number(peak, 1) * 1024 : 0, Seconds(time, 2) + Seconds(time, 3));
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static double Seconds(Match match, int group) =>
        double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+),(\d+),(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Counts();

    [GeneratedRegex(@"real ([\d.]+) user ([\d.]+) sys ([\d.]+)")]
    private static partial Regex Times();

    [GeneratedRegex(@"VmHWM:\s*(\d+) kB")]
    private static partial Regex Peak();
}
