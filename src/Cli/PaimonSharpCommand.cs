using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using PaimonSharp.Cli.Commands;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli;

/// <summary>The tool's command line: finds the command, runs it, turns errors into messages and exit codes.</summary>
internal static class PaimonSharpCommand
{
    private const string Description =
        """
        Paimon tables without a cluster: mirror MySQL and MariaDB into them, read them, look into them, change and maintain
        them.

        Exit codes: 0 done, 1 failed, or get without a row, 2 usage, 3 unsupported, 4 unreadable or corrupt,
        5 refused by the server (login, privilege, purged position), 130 interrupted after a clean commit.
        """;

    /// <summary>Runs the tool.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var parsed = Build(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await terminal.Error.WriteLineAsync($"error: {Passwords.Hide(WithoutTypeName(error.Message))}").ConfigureAwait(false);
            }

            var command = string.Join(' ', ((string[])["paimonsharp", .. CommandPath(parsed)]));
            await terminal.Error.WriteLineAsync($"'{command} --help' shows how to call it.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        using var interrupted = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            using var help = new StringWriter();
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = help,
                Error = terminal.Error,
            };
            var code = await parsed.InvokeAsync(configuration, interrupted.Token).ConfigureAwait(false);
            await terminal.Output.WriteAsync(Encoding.UTF8.GetBytes(help.ToString()), CancellationToken.None).ConfigureAwait(false);
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        catch (PaimonException e)
        {
            return await ReportAsync(terminal, e).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (IOException e)
        {
            // Whoever read our output has gone (`paimonsharp scan … | head`), or a file of the command line cannot be read.
            await terminal.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(Description);
        root.Subcommands.Add(SyncCommand.Build(terminal));
        root.Subcommands.Add(ScanCommand.Build(terminal));
        root.Subcommands.Add(GetCommand.Build(terminal));
        root.Subcommands.Add(TailCommand.Build(terminal));
        root.Subcommands.Add(InspectCommand.Build(terminal));
        root.Subcommands.Add(TablesCommand.Build(terminal));
        root.Subcommands.Add(BinlogCommand.Build(terminal));
        root.Subcommands.Add(CreateCommand.Build(terminal));
        root.Subcommands.Add(AlterCommand.Build(terminal));
        root.Subcommands.Add(TagCommand.Build(terminal));
        root.Subcommands.Add(BranchCommand.Build(terminal));
        root.Subcommands.Add(ConsumerCommand.Build(terminal));
        root.Subcommands.Add(CompactCommand.Build(terminal));
        root.Subcommands.Add(ExpireCommand.Build(terminal));
        root.Subcommands.Add(ExpirePartitionsCommand.Build(terminal));
        root.Subcommands.Add(RollbackCommand.Build(terminal));
        root.Subcommands.Add(TruncateCommand.Build(terminal));
        root.Subcommands.Add(CleanOrphansCommand.Build(terminal));
        root.Subcommands.Add(DropCommand.Build(terminal));
        return root;
    }

    /// <summary>The parser names the type it wanted as the runtime does; all options with a type are numbers.</summary>
    private static string WithoutTypeName(string message)
    {
        var end = message.IndexOf(" as expected type", StringComparison.Ordinal);
        return end < 0 ? message : message[..end] + ": expected a whole number.";
    }

    private static Stack<string> CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command;)
        {
            names.Push(command.Command.Name);
            result = command.Parent;
        }

        return names;
    }

    private static async Task<int> ReportAsync(Terminal terminal, PaimonException error)
    {
        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await terminal.Error.WriteLineAsync($"error: {Passwords.Hide(error.Message)}").ConfigureAwait(false);
        return ExitCode.Of(error);
    }
}
