using System.CommandLine;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary>The argument and options by which commands name a table: <c>db.table</c> in a warehouse, or a directory.</summary>
internal sealed class TableOptionsSet
{
    private readonly Argument<string?> _table = new("table")
    {
        Description = "The table, as database.table",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _path = new("--path")
    {
        Description = "A table's directory, instead of a name in the warehouse",
        HelpName = "dir",
    };

    private readonly Option<string?> _warehouse = WarehouseOption();

    private readonly Option<string[]> _options = new("--option")
    {
        Description = "A table option that wins over the schema's for this run; may be repeated",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The environment variable of what a run may keep in memory: option <c>memory-budget</c> where it is not given.</summary>
    public const string MemoryVariable = "PAIMONSHARP_MEMORY_BUDGET";

    private readonly bool _systemTables;
    private readonly Argument<string[]>? _values;

    /// <summary>Adds the argument and the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="systemTables">
    /// True for a command that reads system tables, which are named behind the table as in <c>shop.orders$files</c>; false for one
    /// that refuses such names, as it would otherwise mean the table itself.
    /// </param>
    /// <param name="values">What follows the table's name, for a command that takes such values; null for others.</param>
    public TableOptionsSet(Command command, bool systemTables = false, Argument<string[]>? values = null)
    {
        _systemTables = systemTables;
        _values = values;
        command.Arguments.Add(_table);
        if (values is not null)
        {
            command.Arguments.Add(values);
        }

        command.Options.Add(_path);
        command.Options.Add(_warehouse);
        command.Options.Add(_options);
    }

    public static Option<string?> WarehouseOption() => new("--warehouse")
    {
        Description = "The warehouse directory; PAIMONSHARP_WAREHOUSE, else ./warehouse by default",
        HelpName = "dir",
    };

    /// <summary>The warehouse directory that the arguments or the environment name.</summary>
    public static string WarehouseOf(string? option, Terminal terminal) =>
        option ?? terminal.Environment("PAIMONSHARP_WAREHOUSE") ?? "./warehouse";

    /// <summary>Opens a warehouse to read from: one that is not there is not made.</summary>
    public static ValueTask<Catalog> OpenWarehouseAsync(
        string warehouse, CancellationToken cancellationToken, TimeZoneInfo? zone = null)
    {
        if (!UserFiles.IsDirectory(warehouse))
        {
            PaimonException.ThrowInvalid(
                $"There is no warehouse {warehouse}. Name one with --warehouse DIR or PAIMONSHARP_WAREHOUSE, or a table with --path DIR.");
        }

        return Catalog.OpenAsync(warehouse, EnvironmentIn(zone), cancellationToken);
    }

    /// <summary>Opens the table that the arguments name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the environment comes from.</param>
    /// <param name="more">Options that the command's own flags stand for; they win.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="zone">The zone of clock readings; the system's by default.</param>
    public async Task<Table> OpenAsync(
        ParseResult parsed,
        Terminal terminal,
        IEnumerable<KeyValuePair<string, string>> more,
        CancellationToken cancellationToken,
        TimeZoneInfo? zone = null)
    {
        var options = Options(parsed, terminal);
        foreach (var (key, value) in more)
        {
            options[key] = value;
        }

        var path = parsed.GetValue(_path);
        var name = _values is not null && path is not null ? null : parsed.GetValue(_table);
        if ((name is null) == (path is null))
        {
            PaimonException.ThrowInvalid("Name one table, either as database.table or by --path DIR.");
        }

        if (!_systemTables && SystemNameOf(name ?? path!) is { } system)
        {
            PaimonException.ThrowInvalid($"The system table ${system} is read by scan only; name the table alone.");
        }

        if (path is not null)
        {
            return await Table.OpenAsync(
                WithoutSystemName(path), options, EnvironmentIn(zone), cancellationToken).ConfigureAwait(false);
        }

        var catalog = await OpenWarehouseAsync(parsed, terminal, cancellationToken, zone).ConfigureAwait(false);
        return await catalog.GetTableAsync(Identifier.Parse(WithoutSystemName(name!)), options, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>True when the arguments name a table, by its name or its directory.</summary>
    /// <param name="parsed">The command line.</param>
    public bool NamesTable(ParseResult parsed) => (parsed.GetValue(_table) ?? parsed.GetValue(_path)) is not null;

    /// <summary>The table options that the arguments and the environment give for this run.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the environment comes from.</param>
    public Dictionary<string, string> Options(ParseResult parsed, Terminal terminal)
    {
        var options = KeyValues.Parse(parsed.GetRequiredValue(_options), "--option");
        OptionWarnings.Write(terminal, OptionWarnings.Of(options));
        if (terminal.Environment(MemoryVariable) is { } budget)
        {
            options.TryAdd("memory-budget", budget);
        }

        return options;
    }

    /// <summary>Opens the warehouse that the arguments or the environment name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where the environment comes from.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="zone">The zone of clock readings; the system's by default.</param>
    public ValueTask<Catalog> OpenWarehouseAsync(
        ParseResult parsed, Terminal terminal, CancellationToken cancellationToken, TimeZoneInfo? zone = null) =>
        OpenWarehouseAsync(WarehouseOf(parsed.GetValue(_warehouse), terminal), cancellationToken, zone);

    /// <summary>The system table that is named behind the table's name or directory, <c>$files</c> for instance, if any.</summary>
    /// <param name="parsed">The command line.</param>
    public string? SystemName(ParseResult parsed) => SystemNameOf(parsed.GetValue(_table) ?? parsed.GetValue(_path) ?? "");

    private static string? SystemNameOf(string name)
    {
        var mark = MarkOf(name);
        return mark < 0 ? null : name[(mark + 1)..];
    }

    /// <summary>The values that follow the table's name; where it is given by its directory, all of them.</summary>
    /// <param name="parsed">The command line.</param>
    public string[] Values(ParseResult parsed)
    {
        var values = parsed.GetValue(_values!) ?? [];
        return parsed.GetValue(_path) is not null && parsed.GetValue(_table) is { } first ? [first, .. values] : values;
    }

    private static string WithoutSystemName(string name) => MarkOf(name) is >= 0 and var mark ? name[..mark] : name;

    // A directory above the table's may have a '$' in its name.
    private static int MarkOf(string name) =>
        name.LastIndexOf('$') is var mark && mark > name.LastIndexOf('/') && mark < name.Length - 1 ? mark : -1;

    private static StorageEnvironment? EnvironmentIn(TimeZoneInfo? zone) => zone is null
        ? null
        : new StorageEnvironment(new LocalFileIO()) { TimeProvider = new ZonedTimeProvider(zone) };

    /// <summary>The system's clock in another zone.</summary>
    private sealed class ZonedTimeProvider(TimeZoneInfo zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => zone;
    }
}
