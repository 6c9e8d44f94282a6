using System.CommandLine;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp compact</c>: compacts tables beside their writers, once or until Ctrl-C.</summary>
internal static class CompactCommand
{
    private const string DefaultInterval = "1s";

    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "compact",
            """
            Merge the files of a table, or of all tables of a database, beside their writers: where rows are replaced or deleted,
            and where many files make reading slow. Writers do so by themselves in the background; those of tables with option
            write-only = true do not, and leave it to this command. No writer waits for it or fails by it: where a writer was faster,
            the files are looked at again. Rows of tables with bucket = -2, which wait for a bucket, are brought into theirs.

            Examples:
              paimonsharp compact shop.orders
              paimonsharp compact shop.orders --full --partition day=2024-01-01
              paimonsharp compact --watch --database shop
            """);
        var table = new TableOptionsSet(command);
        var database = new Option<string?>("--database") { Description = "All tables of a database instead of one", HelpName = "name" };
        var full = new Option<bool>("--full")
        {
            Description = "Merge all files of every bucket, also where the table's options see no reason to; "
                + "always so with changelog-producer = full-compaction",
        };
        var partitions = new Option<string[]>("--partition")
        {
            Description = "Only this partition, by values of its columns; may be repeated",
            HelpName = "key=value,...",
            DefaultValueFactory = _ => [],
        };
        var watch = new Option<bool>("--watch") { Description = "Go on with whatever is committed, until Ctrl-C" };
        var interval = new Option<string?>("--interval")
        {
            Description = $"How often --watch looks for new commits; {DefaultInterval} by default",
            HelpName = "time",
        };
        var json = CommonOptions.Json();
        foreach (var option in (Option[])[database, full, partitions, watch, interval, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(database);
            Check(name is not null, table.NamesTable(parsed), parsed.GetValue(watch), parsed.GetValue(interval) is not null);
            var printer = new CompactProgressPrinter(terminal, parsed.GetValue(json));
            var options = new CompactJobOptions
            {
                IsFull = parsed.GetValue(full),
                Partitions = [.. parsed.GetRequiredValue(partitions)
                    .Select(text => KeyValues.Parse(text.Split(','), partitions.Name))],
                Progress = printer,
            };
            TimeSpan? pause = parsed.GetValue(watch) ? PauseOf(parsed.GetValue(interval), interval.Name) : null;
            if (name is null)
            {
                var opened = await table.OpenAsync(parsed, terminal, [], cancellationToken).ConfigureAwait(false);
                return await RunAsync(opened.NewCompactor(options), printer, pause, cancellationToken).ConfigureAwait(false);
            }

            var catalog = await table.OpenWarehouseAsync(parsed, terminal, cancellationToken).ConfigureAwait(false);
            var compaction = new DatabaseCompaction(catalog, name, table.Options(parsed, terminal), options, printer);
            return await RunAsync(compaction, pause, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static void Check(bool hasDatabase, bool hasTable, bool isWatch, bool hasInterval)
    {
        if (hasDatabase && hasTable)
        {
            PaimonException.ThrowInvalid("Name one table, or all of a database by --database; not both.");
        }

        if (!hasDatabase && !hasTable)
        {
            PaimonException.ThrowInvalid("Name what to compact: database.table, --path DIR, or all tables of a --database NAME.");
        }

        if (hasInterval && !isWatch)
        {
            PaimonException.ThrowInvalid("--interval is for --watch: without it the tables are looked at once.");
        }
    }

    private static TimeSpan PauseOf(string? text, string option)
    {
        var pause = Duration.Parse(text ?? DefaultInterval, option);
        if (pause <= TimeSpan.Zero || pause > LongestInterval)
        {
            PaimonException.ThrowInvalid($"{option} '{text}': expected a time above 0 and of a day at most.");
        }

        return pause;
    }

    private static async Task<int> RunAsync(
        CompactJob job, CompactProgressPrinter printer, TimeSpan? pause, CancellationToken cancellationToken)
    {
        if (pause is null)
        {
            printer.End(await job.RunAsync(cancellationToken).ConfigureAwait(false));
            return ExitCode.Done;
        }

        while (true)
        {
            if (await job.RunIfChangedAsync(cancellationToken).ConfigureAwait(false) is { Snapshots: > 0 } done)
            {
                printer.End(done);
            }

            await Task.Delay(pause.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(
        DatabaseCompaction compaction, TimeSpan? pause, CancellationToken cancellationToken)
    {
        if (pause is null)
        {
            return await compaction.RunAsync(cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            await compaction.RunIfChangedAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(pause.Value, cancellationToken).ConfigureAwait(false);
        }
    }
}
