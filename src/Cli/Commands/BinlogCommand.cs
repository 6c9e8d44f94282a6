using System.CommandLine;
using PaimonSharp.Cdc.Binlog.Json;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp binlog</c>: the row changes in binlog files.</summary>
internal static class BinlogCommand
{
    public static Command Build(Terminal terminal)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Binlog files in order, plain or .gz",
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
            Print the row changes of binlog files, one line each: table, kind, position, GTID, columns.

            Examples:
              paimonsharp binlog binlog.000001 binlog.000002 --json
            """)
        {
            files, json, raw,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await BinlogPrinter.PrintAsync(
                BinlogFiles.Find(parsed.GetRequiredValue(files)), parsed.GetValue(raw), terminal.Output, cancellationToken)
                .ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
