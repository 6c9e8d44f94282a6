using System.CommandLine;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp drop</c>: removes a table, for instance one that is to be synced anew.</summary>
internal static class DropCommand
{
    public static Command Build(Terminal terminal)
    {
        var table = new Argument<string>("table") { Description = "The table, as database.table" };
        var warehouse = TableOptionsSet.WarehouseOption();
        var yes = new Option<bool>("--yes") { Description = "Really remove the table with all its files and snapshots" };
        var command = new Command(
            "drop",
            """
            Remove a table with all its files and snapshots. A sync then reads it anew.

            Examples:
              paimonsharp drop shop.orders --yes
            """)
        {
            table, warehouse, yes,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = Identifier.Parse(parsed.GetRequiredValue(table));
            var catalog = await Catalog.OpenAsync(
                TableOptionsSet.WarehouseOf(parsed.GetValue(warehouse), terminal), null, cancellationToken).ConfigureAwait(false);
            if (!await catalog.TableExistsAsync(name, cancellationToken).ConfigureAwait(false))
            {
                PaimonException.ThrowInvalid($"There is no table {name} in {catalog.Warehouse}.");
            }

            if (!parsed.GetValue(yes))
            {
                PaimonException.ThrowInvalid($"This removes {name} for good; say --yes to do it.");
            }

            using var held = await catalog.LockForWritingAsync(name, cancellationToken).ConfigureAwait(false);
            await catalog.DropTableAsync(name, cancellationToken).ConfigureAwait(false);
            await terminal.Error.WriteLineAsync($"{name} is removed.").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
