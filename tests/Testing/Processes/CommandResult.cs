namespace PaimonSharp.Testing.Processes;

/// <summary>How a program ended and what it printed.</summary>
/// <param name="ExitCode">The exit code; 128 + n for a program that signal n ended.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The result itself when the program ended with 0; otherwise the test fails with what it printed.</summary>
    public CommandResult EnsureSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}{Environment.NewLine}{Error}{Environment.NewLine}{Output}");
        return this;
    }
}
