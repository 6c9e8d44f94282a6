using System.Text;
using PaimonSharp.Cli;
using PaimonSharp.Testing;

namespace PaimonSharp.Servers.Tests.Cli;

/// <summary>One run of the tool in this process, into a warehouse of its own.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record SyncRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>Mirrors what there is and ends: <c>sync --once</c>.</summary>
    /// <param name="warehouse">The warehouse.</param>
    /// <param name="url">The source.</param>
    /// <param name="password">The variable PAIMONSHARP_PASSWORD; null leaves it unset.</param>
    /// <param name="more">More arguments.</param>
    public static Task<SyncRun> OfAsync(TempDirectory warehouse, string url, string? password = "", params string[] more) =>
        ToolAsync(password, ["sync", "--once", "--source", url, "--warehouse", warehouse.Path, .. more]);

    /// <summary>Reads a table of the warehouse: <c>scan --json</c>.</summary>
    public static Task<SyncRun> ScanAsync(TempDirectory warehouse, string table) =>
        ToolAsync(null, ["scan", table, "--json", "--warehouse", warehouse.Path]);

    /// <summary>Asserts how the run ended and that the error says certain things.</summary>
    public SyncRun Expect(int exitCode, params string[] errorParts)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode} instead of {exitCode}\n{Error}\n{Output}");
        foreach (var part in errorParts)
        {
            Assert.Contains(part, Error, StringComparison.OrdinalIgnoreCase);
        }

        return this;
    }

    private static async Task<SyncRun> ToolAsync(string? password, string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, name => name == "PAIMONSHARP_PASSWORD" ? password : null);
        var code = await PaimonSharpCommand.RunAsync(arguments, terminal).WaitAsync(Timeout);
        return new SyncRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
