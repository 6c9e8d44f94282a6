using System.Text;
using PaimonSharp.Cli;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>What <c>paimonsharp scan --path TABLE … --json</c> answered.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Lines">The lines of standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ScanResult(int ExitCode, IReadOnlyList<string> Lines, string Error)
{
    public static async Task<ScanResult> OfAsync(string table, params IEnumerable<string> arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await PaimonSharpCommand.RunAsync(
            ["scan", "--path", table, "--json", .. arguments], new Terminal(output, error, _ => null));
        var text = Encoding.UTF8.GetString(output.ToArray());
        return new ScanResult(code, text.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }
}
