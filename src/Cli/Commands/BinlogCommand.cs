using System.CommandLine;
using PaimonSharp.Cdc.Binlog.Json;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp binlog</c>: the row changes in binlog files.</summary>
internal static class BinlogCommand
{
    public static Command Build(Terminal terminal)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Binlog files in order, plain or .gz, or a folder of them",
            Arity = ArgumentArity.OneOrMore,
        };
        var raw = new Option<bool>("--raw")
        {
            Description = "Columns by ordinal in their stored form, to compare with other decoders; needs --json",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "binlog",
            """
            Print the row changes of binlog files, one line each: position, kind, table, columns.

            Examples:
              paimonsharp binlog binlog.000001 binlog.000002.gz
              paimonsharp binlog /var/lib/mysql --json
            """)
        {
            files, json, raw,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var sources = BinlogFiles.Find(parsed.GetRequiredValue(files));
            if (parsed.GetValue(json))
            {
                await BinlogPrinter.PrintAsync(sources, parsed.GetValue(raw), terminal.Output, cancellationToken).ConfigureAwait(false);
                return ExitCode.Done;
            }

            if (parsed.GetValue(raw))
            {
                PaimonException.ThrowInvalid("--raw is a form of --json: give both.");
            }

            var text = new BinlogText(terminal.Output);
            await using var disposeText = text.ConfigureAwait(false);
            await BinlogPrinter.PrintAsync(sources, raw: false, text, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
