using System.CommandLine;
using System.Text.Json;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp tables</c>: what a warehouse holds.</summary>
internal static class TablesCommand
{
    public static Command Build(Terminal terminal)
    {
        var warehouse = TableOptionsSet.WarehouseOption();
        var json = CommonOptions.Json();
        var command = new Command(
            "tables",
            """
            List the tables of a warehouse with their newest snapshots.

            Examples:
              paimonsharp tables --warehouse ./warehouse
              paimonsharp tables --json
            """)
        {
            warehouse, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            TableOptionsSet.WarehouseOf(parsed.GetValue(warehouse), terminal),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string warehouse, bool json, CancellationToken cancellationToken)
    {
        var catalog = await TableOptionsSet.OpenWarehouseAsync(warehouse, cancellationToken).ConfigureAwait(false);
        var text = new AlignedText("table", "snapshot", "committed", "rows in files", "primary key");
        foreach (var database in await catalog.ListDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var name in await catalog.ListTablesAsync(database, cancellationToken).ConfigureAwait(false))
            {
                var table = await catalog.GetTableAsync(name, null, cancellationToken).ConfigureAwait(false);
                var snapshot = await table.LatestSnapshotAsync(cancellationToken).ConfigureAwait(false);
                if (json)
                {
                    WriteJson(terminal, name, table, snapshot);
                    continue;
                }

                text.Add(
                    name.ToString(),
                    snapshot?.Id.ToString() ?? "-",
                    snapshot?.CommittedAt.ToString("u") ?? "-",
                    snapshot?.TotalRecordCount.ToString() ?? "0",
                    string.Join(", ", table.Schema.PrimaryKeys));
            }
        }

        if (!json)
        {
            text.WriteTo(terminal.Output);
        }

        return ExitCode.Done;
    }

    private static void WriteJson(Terminal terminal, Identifier name, Table table, TableSnapshot? snapshot)
    {
        using (var writer = new Utf8JsonWriter(terminal.Output))
        {
            writer.WriteStartObject();
            writer.WriteString("table", name.ToString());
            writer.WriteString("path", table.Path);
            JsonParts.WriteNumberOrNull(writer, "snapshot", snapshot?.Id);
            JsonParts.WriteNumberOrNull(writer, "totalRecordCount", snapshot?.TotalRecordCount);
            JsonParts.WriteStrings(writer, "primaryKeys", table.Schema.PrimaryKeys);
            writer.WriteEndObject();
        }

        terminal.Output.WriteByte((byte)'\n');
    }
}
