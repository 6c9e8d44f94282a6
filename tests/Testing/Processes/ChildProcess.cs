using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PaimonSharp.Testing.Processes;

/// <summary>
/// A running program. Every program started here is killed, with its descendants, when it is disposed and at the
/// latest when the test program ends: nothing stays behind.
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly ConcurrentDictionary<int, ChildProcess> Running = new();
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private Task _reading;

    static ChildProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => KillAll();
    }

    private ChildProcess(Process process)
    {
        _process = process;
        _reading = Task.CompletedTask;
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What the program has printed so far, unchanged.</summary>
    public string Output => Read(_output);

    /// <summary>What the program has printed on standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Standard input, for a program started with <c>redirectInput</c>.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path, or a name on the PATH.</param>
    /// <param name="arguments">Its arguments, one by one: no shell is between.</param>
    /// <param name="environment">Variables to set (or, with null, to remove) beside the inherited ones.</param>
    /// <param name="workingFolder">Its working folder; the test's own by default.</param>
    /// <param name="redirectInput">Whether <see cref="Input"/> is used; otherwise standard input is empty.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null,
        bool redirectInput = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.Start();
        Running[child.Id] = child;
        child._reading = Task.WhenAll(
            ReadAsync(child._process.StandardOutput, child._output),
            ReadAsync(child._process.StandardError, child._error));
        if (!redirectInput)
        {
            child._process.StandardInput.Close();
        }

        return child;
    }

    /// <summary>Waits for the end of the program; kills it and fails the test when the time is over.</summary>
    /// <param name="timeout">The longest wait.</param>
    public async Task<CommandResult> WaitAsync(TimeSpan timeout)
    {
        using var cancellation = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(cancellation.Token);
            await _reading.WaitAsync(cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            Assert.Fail($"{_process.StartInfo.FileName} did not end within {timeout}.\n{Error}\n{Output}");
        }

        Running.TryRemove(Id, out _);
        return new CommandResult(_process.ExitCode, Output, Error);
    }

    /// <summary>Asks the program to end (SIGTERM).</summary>
    public void SendTerminate() => Signal(Terminate);

    /// <summary>What Ctrl-C sends (SIGINT).</summary>
    public void SendInterrupt() => Signal(Interrupt);

    /// <summary>Ends the program and its descendants at once (SIGKILL), as a power cut of the process would.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Already gone.
        }
    }

    /// <summary>Ends the program at once (SIGKILL) and waits until it is gone and all that it printed is read.</summary>
    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Kills the program if it still runs and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        Running.TryRemove(Id, out _);
        _process.Dispose();
    }

    private static void KillAll()
    {
        foreach (var child in Running.Values)
        {
            child.Kill();
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        for (int count; (count = await reader.ReadAsync(buffer)) > 0;)
        {
            lock (text)
            {
                text.Append(buffer, 0, count);
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private void Signal(int signal)
    {
        if (!HasExited)
        {
            _ = SendSignal(Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
