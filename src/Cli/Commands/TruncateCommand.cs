using System.CommandLine;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp truncate</c>: removes rows, all of them or those of partitions.</summary>
internal static class TruncateCommand
{
    public static Command Build(Terminal terminal)
    {
        var action = new TableAction(
            terminal,
            "truncate",
            """
            Remove all rows of a table, or those of some partitions, as a new snapshot. Earlier snapshots keep them.

            Examples:
              paimonsharp truncate shop.orders --yes
              paimonsharp truncate shop.orders --partition day=2024-01-01 --partition day=2024-01-02,region=eu --yes
            """,
            "remove the rows");
        var partitions = action.Add<string[]>(
            "--partition", "A partition, by values of its columns; may be repeated", "key=value,...");
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var wanted = (parsed.GetValue(partitions) ?? [])
                .Select(IReadOnlyDictionary<string, string> (text) => KeyValues.Parse(text.Split(','), partitions.Name))
                .ToList();
            var snapshot = wanted.Count == 0
                ? await table.TruncateAsync(null, cancellationToken).ConfigureAwait(false)
                : await table.DropPartitionsAsync(wanted, null, cancellationToken).ConfigureAwait(false);
            var text = $"{-snapshot.DeltaRecordCount} stored rows of {table.Name} are removed, snapshot {snapshot.Id}.";
            action.Answer(parsed, text, writer =>
            {
                writer.WriteNumber("snapshotId", snapshot.Id);
                writer.WriteNumber("deltaRecordCount", snapshot.DeltaRecordCount);
            });
        });
    }
}
