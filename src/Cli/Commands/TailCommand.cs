using System.CommandLine;
using PaimonSharp.Cli.Rows;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp tail</c>: follows the changes of a table until Ctrl-C.</summary>
internal static class TailCommand
{
    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "tail",
            """
            Follow a table's changes as they are committed: +I -U +U -D, until Ctrl-C.

            Examples:
              paimonsharp tail shop.orders
              paimonsharp tail shop.orders --full --json
              paimonsharp tail shop.orders --consumer reports
            """);
        var table = new TableOptionsSet(command);
        var full = new Option<bool>("--full") { Description = "Begin with the newest state, as +I rows" };
        var from = new Option<long?>("--from") { Description = "Begin with the changes of this snapshot", HelpName = "id" };
        var consumer = new Option<string?>("--consumer")
        {
            Description = "Keep the progress under this name in the table and go on there the next time",
            HelpName = "name",
        };
        var once = new Option<bool>("--once") { Description = "End at the newest snapshot instead of waiting for more" };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[full, from, consumer, once, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(full) && parsed.GetValue(from) is not null)
            {
                PaimonException.ThrowInvalid("--full and --from name two places to begin; give one of them.");
            }

            var opened = await table.OpenAsync(parsed, terminal, [], cancellationToken).ConfigureAwait(false);
            var options = new ChangelogStreamOptions
            {
                FromSnapshot = parsed.GetValue(from),
                OnlyNewChanges = !parsed.GetValue(full) && parsed.GetValue(from) is null && !NamesStart(opened),
                ConsumerId = parsed.GetValue(consumer),
                Bounded = parsed.GetValue(once),
            };
            await NoteEmptyStartAsync(terminal, opened, options, cancellationToken).ConfigureAwait(false);
            return await FollowAsync(terminal, opened, options, parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    // Without a word about where to begin, tail shows what is new.
    private static bool NamesStart(Table table) => table.Options.WithPrefix("scan.").Any(option =>
        option.Key is "scan.mode" or "scan.snapshot-id" or "scan.timestamp" or "scan.timestamp-millis"
            or "scan.creation-time-millis" or "scan.file-creation-time-millis");

    /// <summary>Says that a snapshot to begin with is not there yet, as the silence after it could mean that nothing changed.</summary>
    private static async Task NoteEmptyStartAsync(
        Terminal terminal, Table table, ChangelogStreamOptions options, CancellationToken cancellationToken)
    {
        if (options is not { FromSnapshot: { } from, ConsumerId: null })
        {
            return;
        }

        var newest = (await table.LatestSnapshotAsync(cancellationToken).ConfigureAwait(false))?.Id ?? 0;
        if (from > newest)
        {
            var state = newest == 0 ? "has no snapshot yet" : $"has no snapshot {from} yet, the newest is {newest}";
            await terminal.Error.WriteLineAsync(
                $"{table.Name} {state}: {(options.Bounded ? "there is nothing to show" : "waiting for it")}.").ConfigureAwait(false);
        }
    }

    private static async Task<int> FollowAsync(
        Terminal terminal, Table table, ChangelogStreamOptions options, bool json, CancellationToken cancellationToken)
    {
        var stream = table.NewChangelogStream(options);
        var printer = RowPrinters.Create(terminal, table.Schema.RowType, json, withKinds: true);
        try
        {
            await foreach (var changes in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                // What was printed before this batch is whole snapshots up to the stream's next one.
                await SaveProgressAsync(stream, options).ConfigureAwait(false);
                printer.Print(changes.Rows, 0, changes.Rows.RowCount, changes.SnapshotId);
                printer.Flush();
                await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await SaveProgressAsync(stream, options).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        await SaveProgressAsync(stream, options).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async ValueTask SaveProgressAsync(ChangelogStream stream, ChangelogStreamOptions options)
    {
        if (options.ConsumerId is not null)
        {
            await stream.CommitProgressAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
