namespace PaimonSharp.Testing.Processes;

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>The longest a command may take unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program with no input and gives what it printed.</summary>
    /// <param name="program">Its path, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, DefaultTimeout);

    /// <summary>Runs a program and gives what it printed.</summary>
    /// <param name="program">Its path, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="timeout">The longest it may take.</param>
    /// <param name="input">Text for its standard input.</param>
    /// <param name="environment">Variables to set or, with null, to remove.</param>
    /// <param name="workingFolder">Its working folder.</param>
    public static async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan timeout,
        string? input = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null)
    {
        await using var child = ChildProcess.Start(program, arguments, environment, workingFolder, input is not null);
        if (input is not null)
        {
            try
            {
                await child.Input.WriteAsync(input);
                child.Input.Close();
            }
            catch (IOException)
            {
                // The program ended before it read everything; its exit code says why.
            }
        }

        return await child.WaitAsync(timeout);
    }

    /// <summary>The path of a program on the PATH, or null.</summary>
    /// <param name="name">The program's name.</param>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
