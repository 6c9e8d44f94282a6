using System.CommandLine;
using System.CommandLine.Parsing;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp alter</c>: changes a table's columns, options and comments.</summary>
internal sealed class AlterCommand
{
    private readonly Option<string[]> _add = Repeated("--add", "\"name type\"", "Add a nullable column: name TYPE [DEFAULT value] [COMMENT 'text']");
    private readonly Option<string[]> _drop = Repeated("--drop", "column", "Drop a column");
    private readonly Option<string[]> _rename = Repeated("--rename", "old=new", "Rename a column");
    private readonly Option<string[]> _type = Repeated("--type", "column=type", "Change a column's type; files that are there are cast when read");
    private readonly Option<string[]> _nullable = Repeated("--nullable", "column", "Let a column hold NULL");
    private readonly Option<string[]> _notNull = Repeated(
        "--not-null", "column", "Forbid NULL; needs alter-column-null-to-not-null.disabled=false on the table");

    private readonly Option<string[]> _default = Repeated("--default", "column=value", "What writers put in place of NULL");
    private readonly Option<string[]> _noDefault = Repeated("--no-default", "column", "Take a column's default value away");
    private readonly Option<string[]> _comment = Repeated("--comment", "column=text", "A column's comment; an empty text takes it away");
    private readonly Option<string[]> _tableComment = Repeated("--table-comment", "text", "The table's comment; an empty text takes it away");
    private readonly Option<string[]> _move = Repeated("--move", "column", "Move a column: followed by --first, --last, --after or --before");
    private readonly Option<bool> _first = new("--first") { Description = "The place of the --add or --move before it: first" };
    private readonly Option<bool> _last = new("--last") { Description = "The place of the --add or --move before it: last" };
    private readonly Option<string[]> _after = Repeated("--after", "column", "The place of the --add or --move before it: after a column");
    private readonly Option<string[]> _before = Repeated("--before", "column", "The place of the --add or --move before it: before a column");
    private readonly Option<string[]> _set = Repeated("--set", "key=value", "Set a table option");
    private readonly Option<string[]> _reset = Repeated("--reset", "key", "Take a table option back to its default");
    private readonly Option<string?> _branch = new("--branch") { Description = "The table's branch", HelpName = "name" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Terminal _terminal;
    private readonly TableOptionsSet _table;

    private AlterCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _table = new TableOptionsSet(command);
        foreach (var option in (Option[])[
            _add, _drop, _rename, _type, _nullable, _notNull, _default, _noDefault, _comment, _tableComment, _move, _first, _last,
            _after, _before, _set, _reset, _branch, _json])
        {
            option.AllowMultipleArgumentsPerToken = false;
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "alter",
            """
            Change a table's schema: all changes together, in the order written, or none. Data files stay as they are: new columns
            read as NULL in them, dropped ones are passed over, changed types are cast. Inside nested columns a path names what
            changes: address.city, tags.element, prices.value.

            Examples:
              paimonsharp alter shop.orders --add "note STRING COMMENT 'for the shop'" --after status
              paimonsharp alter shop.orders --rename note=remark --type amount="DECIMAL(12, 2)" --default status=NEW
              paimonsharp alter shop.orders --drop remark --set snapshot.num-retained.min=20
              paimonsharp alter --path ./warehouse/shop.db/orders --move amount --first
            """);
        _ = new AlterCommand(terminal, command);
        return command;
    }

    private static Option<string[]> Repeated(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => [],
    };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var changes = Changes(parsed);
        if (changes.Count == 0)
        {
            PaimonException.ThrowInvalid("Nothing is to be changed: give at least one of --add, --drop, --rename, --type, --set ...");
        }

        IEnumerable<KeyValuePair<string, string>> branch =
            parsed.GetValue(_branch) is { } name ? [new("branch", name)] : [];
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in changes.OfType<SchemaChange.SetOption>())
        {
            set[option.Key] = option.Value;
        }

        _ = OptionWarnings.Of(set);
        var table = await _table.OpenAsync(parsed, _terminal, branch, cancellationToken).ConfigureAwait(false);
        var schema = await table.AlterAsync(changes, cancellationToken).ConfigureAwait(false);
        var warnings = OptionWarnings.Of(set, new TableOptions(schema.Options));
        OptionWarnings.Write(_terminal, warnings);
        if (parsed.GetValue(_json))
        {
            SchemaAnswer.WriteJson(_terminal.Output, table, schema, warnings);
        }
        else
        {
            SchemaAnswer.WriteText(_terminal.Output, $"{table.Name} has schema {schema.Id} now, after {table.Schema.Id}.", schema);
        }

        return ExitCode.Done;
    }

    /// <summary>The changes in the order in which they were written, which the parsed values do not keep.</summary>
    private static List<SchemaChange> Changes(ParseResult parsed)
    {
        var changes = new List<SchemaChange>();
        var tokens = parsed.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Type != TokenType.Option)
            {
                continue;
            }

            var option = tokens[i].Value;
            if (PlaceOf(option, i + 1 < tokens.Count ? tokens[i + 1].Value : "") is { } place)
            {
                Place(changes, option, place);
                continue;
            }

            if (i + 1 < tokens.Count && tokens[i + 1].Type == TokenType.Argument)
            {
                changes.AddRange(Read(option, tokens[i + 1].Value));
            }
        }

        if (changes.OfType<SchemaChange.MoveColumn>().FirstOrDefault(move => move.Position == Nowhere) is { } homeless)
        {
            PaimonException.ThrowInvalid($"--move '{homeless.Name}' is not followed by --first, --last, --after or --before.");
        }

        return changes;
    }

    private static readonly ColumnPosition Nowhere = ColumnPosition.After("");

    private static ColumnPosition? PlaceOf(string option, string argument) => option switch
    {
        "--first" => ColumnPosition.First,
        "--last" => ColumnPosition.Last,
        "--after" => ColumnPosition.After(argument),
        "--before" => ColumnPosition.Before(argument),
        _ => null,
    };

    private static void Place(List<SchemaChange> changes, string option, ColumnPosition place)
    {
        // A default value or comment of --add stands behind the column that it belongs to.
        var index = changes.FindLastIndex(change => change is not SchemaChange.UpdateColumnDefault);
        switch (index < 0 ? null : changes[index])
        {
            case SchemaChange.AddColumn { Position: null } add:
                changes[index] = add with { Position = place };
                break;
            case SchemaChange.MoveColumn move when move.Position == Nowhere:
                changes[index] = move with { Position = place };
                break;
            default:
                PaimonException.ThrowInvalid($"{option} follows no --add or --move that it could be the place of.");
                break;
        }
    }

    private static IEnumerable<SchemaChange> Read(string option, string text)
    {
        switch (option)
        {
            case "--add":
                var column = SchemaText.Column(text, option);
                yield return new SchemaChange.AddColumn(column.Path, column.Type, column.Comment);
                if (column.DefaultValue is not null)
                {
                    yield return new SchemaChange.UpdateColumnDefault(column.Path, column.DefaultValue);
                }

                break;
            case "--drop":
                yield return new SchemaChange.DropColumn(SchemaText.Path(text, option));
                break;
            case "--rename":
                var rename = SchemaText.Assignment(text, option);
                yield return new SchemaChange.RenameColumn(rename.Path, rename.Value.Trim('`'));
                break;
            case "--type":
                // Nullability has options of its own.
                var type = SchemaText.Assignment(text, option);
                yield return new SchemaChange.UpdateColumnType(
                    type.Path, SchemaText.Type(type.Value, option), KeepNullability: true);
                break;
            case "--nullable" or "--not-null":
                yield return new SchemaChange.UpdateColumnNullability(SchemaText.Path(text, option), option == "--nullable");
                break;
            case "--default":
                var value = SchemaText.Assignment(text, option);
                yield return new SchemaChange.UpdateColumnDefault(value.Path, value.Value);
                break;
            case "--no-default":
                yield return new SchemaChange.UpdateColumnDefault(SchemaText.Path(text, option), null);
                break;
            case "--comment":
                var comment = SchemaText.Assignment(text, option);
                yield return new SchemaChange.UpdateColumnComment(comment.Path, comment.Value.Length == 0 ? null : comment.Value);
                break;
            case "--table-comment":
                yield return new SchemaChange.UpdateComment(text.Length == 0 ? null : text);
                break;
            case "--move":
                var path = SchemaText.Path(text, option);
                if (path.Count > 1)
                {
                    PaimonException.ThrowInvalid($"--move '{text}': only columns of the table itself can be moved.");
                }

                yield return new SchemaChange.MoveColumn(path[0], Nowhere);
                break;
            case "--set":
                var set = KeyValues.Parse([text], option).Single();
                yield return new SchemaChange.SetOption(set.Key, set.Value);
                break;
            case "--reset":
                yield return new SchemaChange.RemoveOption(text);
                break;
        }
    }
}
