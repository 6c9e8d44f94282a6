using System.CommandLine;
using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary>
/// What commands that maintain a table share: the arguments that name it, <c>--json</c>, <c>--yes</c> where something goes for
/// good, and an answer of one line.
/// </summary>
internal sealed class TableAction
{
    private readonly Terminal _terminal;
    private readonly TableOptionsSet _table;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool>? _yes;

    /// <summary>Makes a command.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does, with examples.</param>
    /// <param name="loss">What goes for good without a question, where <c>--yes</c> is asked for; null where it is not.</param>
    public TableAction(Terminal terminal, string name, string description, string? loss = null)
    {
        _terminal = terminal;
        Command = new Command(name, description);
        _table = new TableOptionsSet(Command);
        Command.Options.Add(_json);
        if (loss is not null)
        {
            _yes = new Option<bool>("--yes") { Description = $"Really {loss}" };
            Command.Options.Add(_yes);
        }
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>Adds an option.</summary>
    public Option<T> Add<T>(string name, string description, string helpName, bool isRequired = false)
    {
        var option = new Option<T>(name) { Description = description, HelpName = helpName, Required = isRequired };
        Command.Options.Add(option);
        return option;
    }

    /// <summary>Says what the command does.</summary>
    /// <param name="run">Does it with the table that the arguments name.</param>
    public Command Does(Func<ParseResult, Table, CancellationToken, Task> run)
    {
        Command.SetAction(async (parsed, cancellationToken) =>
        {
            if (_yes is not null && !parsed.GetValue(_yes))
            {
                PaimonException.ThrowInvalid($"{Command.Name}: say --yes to {_yes.Description!["Really ".Length..]}.");
            }

            var table = await _table.OpenAsync(parsed, _terminal, [], cancellationToken).ConfigureAwait(false);
            await run(parsed, table, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return Command;
    }

    /// <summary>True for JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Answers with one line: a JSON object, or a text.</summary>
    public void Answer(ParseResult parsed, string text, Action<Utf8JsonWriter> json)
    {
        if (!IsJson(parsed))
        {
            _terminal.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
            return;
        }

        using (var writer = new Utf8JsonWriter(_terminal.Output))
        {
            writer.WriteStartObject();
            json(writer);
            writer.WriteEndObject();
        }

        _terminal.Output.WriteByte((byte)'\n');
    }

    /// <summary>Answers with a table for people, or a JSON object a row.</summary>
    public void AnswerAll<T>(
        ParseResult parsed, IEnumerable<T> rows, AlignedText text, Func<T, string[]> cells, Action<Utf8JsonWriter, T> json)
    {
        foreach (var row in rows)
        {
            if (IsJson(parsed))
            {
                Answer(parsed, "", writer => json(writer, row));
            }
            else
            {
                text.Add(cells(row));
            }
        }

        if (!IsJson(parsed))
        {
            text.WriteTo(_terminal.Output);
        }
    }
}
