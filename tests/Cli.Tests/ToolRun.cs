using System.Text;
using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Cli.Tests;

/// <summary>What a run of the tool answered.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the tool in this process, without any environment variable.</summary>
    public static Task<ToolRun> OfAsync(params string[] arguments) => OfAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs the tool in this process.</summary>
    public static async Task<ToolRun> OfAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await PaimonSharpCommand.RunAsync(arguments, new Terminal(output, error, environment.GetValueOrDefault));
        return new ToolRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Starts the built tool as a process of its own.</summary>
    public static ChildProcess Start(IReadOnlyDictionary<string, string?>? environment, params string[] arguments) =>
        ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "paimonsharp"), arguments, environment);

    /// <summary>Asserts how the run ended and that the error says certain things.</summary>
    public ToolRun Expect(int exitCode, params string[] errorParts)
    {
        Assert.True(exitCode == ExitCode, $"exit code {ExitCode} instead of {exitCode}\n{Error}\n{Output}");
        foreach (var part in errorParts)
        {
            Assert.Contains(part, Error, StringComparison.Ordinal);
        }

        return this;
    }
}
