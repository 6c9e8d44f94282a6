using System.CommandLine;
using System.Globalization;
using PaimonSharp.Cli.Rows;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp get</c>: the row of a key.</summary>
internal sealed class GetCommand
{
    private readonly Option<string?> _select = new("--select")
    {
        Description = "Only these columns, in this order",
        HelpName = "a,b",
    };

    private readonly Option<long?> _snapshot = new("--snapshot")
    {
        Description = "The state of a snapshot, with its schema",
        HelpName = "id",
    };

    private readonly Option<string?> _tag = new("--tag") { Description = "The state of a tag, with its schema", HelpName = "name" };

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Terminal _terminal;
    private readonly TableOptionsSet _table;

    private GetCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _table = new TableOptionsSet(command, values: new Argument<string[]>("key")
        {
            Description = "The key: a value for each column of the primary key, in its order; what begins with '-' comes after '--'",
            Arity = ArgumentArity.ZeroOrMore,
        });
        foreach (var option in (Option[])[_select, _snapshot, _tag, _json])
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "get",
            """
            Print the row of a key. Only what may hold the key is read. Without such a row the exit code is 1.

            Examples:
              paimonsharp get shop.orders 42
              paimonsharp get shop.order_lines 42 3 --select amount --json
              paimonsharp get --path ./warehouse/shop.db/orders --snapshot 3 -- -1
            """);
        _ = new GetCommand(terminal, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var table = await _table.OpenAsync(parsed, _terminal, OptionsOfFlags(parsed), cancellationToken).ConfigureAwait(false);
        var values = _table.Values(parsed);
        if (await table.GetAsync(values, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            var keys = table.Schema.PrimaryKeys.Select((name, i) => $"{name} = {values[i]}");
            await _terminal.Error.WriteLineAsync($"{table.Name} has no row with {string.Join(", ", keys)}.").ConfigureAwait(false);
            return ExitCode.Failed;
        }

        var batch = Select(row, parsed.GetValue(_select));
        var printer = RowPrinters.Create(_terminal, batch.RowType, parsed.GetValue(_json), withKinds: false);
        printer.Print(batch, 0, 1);
        printer.Flush();
        return ExitCode.Done;
    }

    private static ColumnBatch Select(Row row, string? columns)
    {
        if (columns is null)
        {
            return row.Batch;
        }

        var names = columns.Split(',', StringSplitOptions.TrimEntries);
        var type = row.Batch.RowType;
        foreach (var name in names)
        {
            if (type.IndexOf(name) < 0)
            {
                PaimonException.ThrowInvalid(
                    $"There is no column '{name}'; the columns are {string.Join(", ", type.Fields.Select(field => field.Name))}.");
            }
        }

        int[] indexes = [.. names.Select(type.IndexOf)];
        return new ColumnBatch(type.Project(indexes), [.. indexes.Select(index => row.Batch.Columns[index])], 1);
    }

    private Dictionary<string, string> OptionsOfFlags(ParseResult parsed)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(_snapshot) is { } snapshot)
        {
            options["scan.snapshot-id"] = snapshot.ToString(CultureInfo.InvariantCulture);
        }

        if (parsed.GetValue(_tag) is { } tag)
        {
            options["scan.tag-name"] = tag;
        }

        return options;
    }
}
