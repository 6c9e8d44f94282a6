using System.Text;

namespace PaimonSharp.Cli;

/// <summary>
/// Where the tool reads and writes: rows and answers go to standard output, progress, warnings and errors to standard error.
/// Tests replace it.
/// </summary>
internal sealed class Terminal(Stream output, TextWriter error, Func<string, string?> environment)
{
    /// <summary>Standard output as bytes, for JSON lines.</summary>
    public Stream Output { get; } = output;

    /// <summary>Standard error, for people.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True when progress may overwrite its own line.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Asks for a password without showing it; null when nobody can be asked.</summary>
    public Func<string, string?> AskPassword { get; init; } = _ => null;

    /// <summary>An environment variable, null when unset or empty.</summary>
    public string? Environment(string name) => environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>The process's own terminal.</summary>
    public static Terminal System()
    {
        var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        return new Terminal(
            new BufferedStream(Console.OpenStandardOutput(), 1 << 16), error, global::System.Environment.GetEnvironmentVariable)
        {
            IsInteractive = !Console.IsErrorRedirected,
            AskPassword = prompt => Console.IsInputRedirected ? null : ReadPassword(prompt),
        };
    }

    private static string? ReadPassword(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return text.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
