using System.CommandLine;
using PaimonSharp.Cli.Rows;
using PaimonSharp.Data.Errors;
using PaimonSharp.Query.Planning;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp scan</c>: the rows of a table, or the changes of its snapshots.</summary>
internal sealed class ScanCommand
{
    private readonly Option<string?> _where = new("--where")
    {
        Description = "Only rows that a condition is true for, such as \"status = 'PAID' AND amount > 10\"",
        HelpName = "condition",
    };

    private readonly Option<string?> _select = new("--select")
    {
        Description = "Only these columns, in this order",
        HelpName = "a,b",
    };

    private readonly Option<long?> _limit = new("--limit") { Description = "At most so many rows", HelpName = "n" };

    private readonly Option<long?> _snapshot = new("--snapshot")
    {
        Description = "The state of a snapshot, with its schema",
        HelpName = "id",
    };

    private readonly Option<string?> _tag = new("--tag") { Description = "The state of a tag, with its schema", HelpName = "name" };

    private readonly Option<string?> _branch = new("--branch") { Description = "The table's branch", HelpName = "name" };

    private readonly Option<long?> _schema = new("--schema") { Description = "Read with this schema", HelpName = "id" };

    private readonly Option<string?> _zone = new("--zone")
    {
        Description = "The time zone for casts between times with and without zone; the system's by default",
        HelpName = "Area/City",
    };

    private readonly Option<bool> _allLevels = new("--all-levels")
    {
        Description = "Merge level 0 in where Paimon's batch reads leave it out",
    };

    private readonly Option<bool> _mainOnly = new("--main-only") { Description = "Without scan.fallback-branch" };

    private readonly Option<bool> _rowIds = new("--row-ids") { Description = "With _ROW_ID and _SEQUENCE_NUMBER" };

    private readonly Option<bool> _changelog = new("--changelog")
    {
        Description = "The changes of snapshots instead of rows; JSON has _snapshot and _row_kind",
    };

    private readonly Option<long?> _from = new("--from") { Description = "The first snapshot of --changelog", HelpName = "id" };

    private readonly Option<long?> _to = new("--to") { Description = "The last snapshot of --changelog", HelpName = "id" };

    private readonly Option<bool> _json = CommonOptions.Json();

    private readonly Terminal _terminal;
    private readonly TableOptionsSet _table;

    private ScanCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _table = new TableOptionsSet(command, systemTables: true);
        foreach (var option in (Option[])[
            _where, _select, _limit, _snapshot, _tag, _branch, _schema, _zone, _allLevels, _mainOnly, _rowIds, _changelog, _from,
            _to, _json])
        {
            command.Options.Add(option);
        }

        command.SetAction(RunAsync);
    }

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "scan",
            """
            Print a table's rows.

            Examples:
              paimonsharp scan shop.orders --where "status = 'PAID'" --select id,amount --limit 20
              paimonsharp scan --path ./warehouse/shop.db/orders --snapshot 3 --json
              paimonsharp scan shop.orders --changelog --from 1 --json
              paimonsharp scan 'shop.orders$files' --select level,record_count,file_path
            """);
        _ = new ScanCommand(terminal, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        CheckFlags(parsed);
        var table = await _table.OpenAsync(
            parsed, _terminal, OptionsOfFlags(parsed), cancellationToken, Zone(parsed.GetValue(_zone))).ConfigureAwait(false);
        if (_table.SystemName(parsed) is { } system)
        {
            CheckSystemFlags(parsed);
            return await PrintAsync(parsed, Configure(parsed, table.OpenSystemTable(system)), cancellationToken).ConfigureAwait(false);
        }

        return parsed.GetValue(_changelog)
            ? await PrintChangelogAsync(parsed, table, cancellationToken).ConfigureAwait(false)
            : await PrintRowsAsync(parsed, table, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> PrintRowsAsync(ParseResult parsed, Table table, CancellationToken cancellationToken)
    {
        var scan = Configure(parsed, table);
        if (parsed.GetValue(_where) is { } where)
        {
            var all = await Configure(parsed, table, withSelect: false).ResultTypeAsync(cancellationToken).ConfigureAwait(false);
            scan.Filter(PredicatePlanner.Plan(where, all));
        }

        return await PrintAsync(parsed, scan, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> PrintAsync(ParseResult parsed, IRowScan scan, CancellationToken cancellationToken)
    {
        var rowType = await scan.ResultTypeAsync(cancellationToken).ConfigureAwait(false);
        var printer = RowPrinters.Create(_terminal, rowType, parsed.GetValue(_json), withKinds: false);
        await foreach (var batch in scan.ReadBatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            printer.Print(batch, 0, batch.RowCount);
        }

        printer.Flush();
        return ExitCode.Done;
    }

    private SystemScan Configure(ParseResult parsed, SystemTable table)
    {
        var scan = table.NewScan();
        if (SelectedColumns(parsed) is { } columns)
        {
            scan.Project(columns);
        }

        if (parsed.GetValue(_where) is { } where)
        {
            scan.Filter(PredicatePlanner.Plan(where, table.RowType));
        }

        return parsed.GetValue(_limit) is { } limit ? scan.Limit(limit) : scan;
    }

    private string[]? SelectedColumns(ParseResult parsed) =>
        parsed.GetValue(_select)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private TableScan Configure(ParseResult parsed, Table table, bool withSelect = true)
    {
        var scan = table.NewScan();
        if (withSelect && SelectedColumns(parsed) is { } columns)
        {
            scan.Project(columns);
        }

        if (parsed.GetValue(_snapshot) is { } snapshot)
        {
            scan.AsOfSnapshot(snapshot);
        }

        if (parsed.GetValue(_tag) is { } tag)
        {
            scan.AsOfTag(tag);
        }

        if (parsed.GetValue(_schema) is { } schema)
        {
            scan.WithSchema(schema);
        }

        if (parsed.GetValue(_rowIds))
        {
            scan.WithRowIds();
        }

        if (parsed.GetValue(_allLevels))
        {
            scan.AllLevels();
        }

        return parsed.GetValue(_limit) is { } limit ? scan.Limit(limit) : scan;
    }

    private async Task<int> PrintChangelogAsync(ParseResult parsed, Table table, CancellationToken cancellationToken)
    {
        var columns = SelectedColumns(parsed);
        var first = parsed.GetValue(_from) ?? (await table.SnapshotsAsync(cancellationToken).ConfigureAwait(false))
            .Select(snapshot => snapshot.Id).FirstOrDefault(1);
        var stream = table.NewChangelogStream(new ChangelogStreamOptions
        {
            FromSnapshot = first,
            ToSnapshot = parsed.GetValue(_to),
            Bounded = true,
            Columns = columns,
        });
        IRowPrinter? printer = null;
        await foreach (var changes in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            printer ??= RowPrinters.Create(_terminal, changes.Rows.RowType, parsed.GetValue(_json), withKinds: true);
            printer.Print(changes.Rows, 0, changes.Rows.RowCount, changes.SnapshotId);
        }

        printer?.Flush();
        return ExitCode.Done;
    }

    private static TimeZoneInfo? Zone(string? name) =>
        name is null ? null
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new PaimonException(ErrorKind.Invalid, $"--zone '{name}' is no time zone; expected a name such as Europe/Berlin.");

    private IEnumerable<KeyValuePair<string, string>> OptionsOfFlags(ParseResult parsed)
    {
        if (parsed.GetValue(_branch) is { } branch)
        {
            yield return new("branch", branch);
        }

        if (parsed.GetValue(_mainOnly))
        {
            yield return new("scan.fallback-branch", "");
        }
    }

    private void CheckSystemFlags(ParseResult parsed)
    {
        if (parsed.GetValue(_tag) is not null
            || (parsed.GetValue(_snapshot) ?? parsed.GetValue(_schema)) is not null
            || parsed.GetValue(_changelog) || parsed.GetValue(_rowIds) || parsed.GetValue(_allLevels))
        {
            PaimonException.ThrowInvalid(
                "A system table takes --select, --where, --limit, --branch and --json; for an older state give --option scan.snapshot-id=N.");
        }
    }

    /// <summary>Flags that do not go together are refused by name and never ignored.</summary>
    private void CheckFlags(ParseResult parsed)
    {
        if (parsed.GetValue(_rowIds) && parsed.GetValue(_changelog))
        {
            PaimonException.ThrowUnsupported("--row-ids together with --changelog is not supported.");
        }

        if (parsed.GetValue(_limit) < 0)
        {
            PaimonException.ThrowInvalid("--limit is a number of rows, 0 or more.");
        }

        if (parsed.GetValue(_snapshot) is not null && parsed.GetValue(_tag) is not null)
        {
            PaimonException.ThrowInvalid("--snapshot and --tag name two states; give one of them.");
        }

        if (!parsed.GetValue(_changelog) && (parsed.GetValue(_from) ?? parsed.GetValue(_to)) is not null)
        {
            PaimonException.ThrowInvalid("--from and --to bound the snapshots of --changelog; for the rows of a snapshot use --snapshot.");
        }

        if (parsed.GetValue(_from) > parsed.GetValue(_to))
        {
            PaimonException.ThrowInvalid("--from is the first snapshot and --to the last: --from must not be larger.");
        }

        if (parsed.GetValue(_changelog)
            && ((parsed.GetValue(_where) ?? parsed.GetValue(_tag)) is not null
                || (parsed.GetValue(_snapshot) ?? parsed.GetValue(_schema) ?? parsed.GetValue(_limit)) is not null))
        {
            PaimonException.ThrowInvalid(
                "--changelog reads whole snapshots with the newest schema: leave --where, --limit, --snapshot, --tag and --schema out, "
                + "and choose snapshots with --from and --to.");
        }
    }
}
