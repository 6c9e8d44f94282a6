using System.CommandLine;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp create</c>: makes a table.</summary>
internal sealed class CreateCommand
{
    private const string Help =
        $"""
        Make a table, and its database where that is not there. Without --primary-key rows are only added to it; with one, rows
        of the same key become one row, by the option merge-engine. A table with a primary key has one bucket unless
        --option bucket=N says otherwise. docs/options.md explains all options; one that is not known is kept with a warning.
        Rows come from a program that uses the library (see README.md); tables that 'sync' fills it makes by itself.

        A column is: name TYPE [NOT NULL] [DEFAULT value] [COMMENT 'text']. A name with blanks or dots in it stands in backticks.
        Types: {SchemaText.Types}

        Examples:
          paimonsharp create shop.orders --column 'id BIGINT' --column 'status STRING' --column 'amount DECIMAL(10, 2)' \
            --primary-key id --option changelog-producer=input
          paimonsharp create shop.users_shops --column 'id BIGINT NOT NULL' --column 'shop INT NOT NULL' \
            --column "name STRING COMMENT 'last one known'" --column 'visits BIGINT' --primary-key id,shop \
            --option merge-engine=aggregation --option fields.visits.aggregate-function=sum --option bucket=4
          paimonsharp create shop.events --column 'day DATE' --column 'body STRING' --partition-by day --if-not-exists
        """;

    private readonly Argument<string> _name = new("table") { Description = "The table's name, as database.table" };
    private readonly Option<string[]> _columns = Repeated("--column", "\"name type\"", "A column, in order: see above; may be repeated");
    private readonly Option<string[]> _primaryKey = Repeated(
        "--primary-key", "columns", "The primary key's columns in key order, divided by commas; they become NOT NULL");

    private readonly Option<string[]> _partitionBy = Repeated(
        "--partition-by", "columns", "The partition columns in folder order, divided by commas");

    private readonly Option<string[]> _options = Repeated("--option", "key=value", "A table option; may be repeated");
    private readonly Option<string?> _comment = new("--comment") { Description = "A remark, kept with the table", HelpName = "text" };
    private readonly Option<bool> _ifNotExists = new("--if-not-exists") { Description = "Leave a table of that name as it is" };
    private readonly Option<string?> _warehouse = TableOptionsSet.WarehouseOption();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Terminal _terminal;

    private CreateCommand(Terminal terminal) => _terminal = terminal;

    public static Command Build(Terminal terminal)
    {
        var create = new CreateCommand(terminal);
        var command = new Command("create", Help)
        {
            create._name, create._columns, create._primaryKey, create._partitionBy, create._options, create._comment,
            create._ifNotExists, create._warehouse, create._json,
        };
        command.SetAction(create.RunAsync);
        return command;
    }

    private static Option<string[]> Repeated(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = Identifier.Parse(parsed.GetRequiredValue(_name));
        var definition = Definition(parsed);
        var warnings = OptionWarnings.Of(definition.Options, new TableOptions(definition.Options));
        var catalog = await Catalog.OpenAsync(
            TableOptionsSet.WarehouseOf(parsed.GetValue(_warehouse), _terminal), null, cancellationToken).ConfigureAwait(false);
        var created = await TryCreateAsync(catalog, name, definition, cancellationToken).ConfigureAwait(false);
        if (created is null && !parsed.GetValue(_ifNotExists))
        {
            PaimonException.ThrowInvalid(
                $"There is a table {name} in {catalog.Warehouse} already. Leave it as it is with --if-not-exists, change it with "
                + "'paimonsharp alter', or remove it with 'paimonsharp drop'.");
        }

        var table = created ?? await catalog.GetTableAsync(name, null, cancellationToken).ConfigureAwait(false);
        OptionWarnings.Write(_terminal, warnings);
        if (parsed.GetValue(_json))
        {
            SchemaAnswer.WriteJson(_terminal.Output, table, table.Schema, warnings, created is not null);
        }
        else
        {
            var line = created is null ? $"{table.Name} is there already." : $"{table.Name} is made, in {table.Path}.";
            SchemaAnswer.WriteText(_terminal.Output, line, table.Schema);
        }

        return ExitCode.Done;
    }

    /// <summary>Makes the table; null where there is one.</summary>
    private static async Task<Table?> TryCreateAsync(
        Catalog catalog, Identifier name, TableDefinition definition, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.CreateTableAsync(name, definition, cancellationToken).ConfigureAwait(false);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Conflict)
        {
            return null;
        }
    }

    private TableDefinition Definition(ParseResult parsed)
    {
        var columns = parsed.GetRequiredValue(_columns);
        if (columns.Length == 0)
        {
            PaimonException.ThrowInvalid("A table needs at least one column: --column 'id BIGINT NOT NULL' --column 'name STRING'.");
        }

        return new TableDefinition
        {
            Columns = [.. columns.Select(Column)],
            PrimaryKeys = Names(parsed, _primaryKey),
            PartitionKeys = Names(parsed, _partitionBy),
            Options = KeyValues.Parse(parsed.GetRequiredValue(_options), _options.Name),
            Comment = parsed.GetValue(_comment),
        };
    }

    private ColumnDefinition Column(string text)
    {
        var column = SchemaText.Column(text, _columns.Name);
        if (column.Path.Count > 1)
        {
            PaimonException.ThrowInvalid(
                $"{_columns.Name} '{text}': a column's name with a point in it stands in backticks; the columns of a row stand in its "
                + "type: address ROW<city STRING, zip INT>.");
        }

        return new ColumnDefinition(column.Path[0], column.Type, column.Comment, column.DefaultValue);
    }

    private static string[] Names(ParseResult parsed, Option<string[]> option)
    {
        var names = parsed.GetRequiredValue(option)
            .SelectMany(text => text.Split(',')).Select(name => name.Trim().Trim('`')).ToArray();
        if (names.Contains(""))
        {
            PaimonException.ThrowInvalid($"{option.Name} '{string.Join(',', names)}': expected names of columns, divided by commas.");
        }

        return names;
    }
}
