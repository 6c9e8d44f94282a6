using System.CommandLine;
using System.Globalization;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp consumer</c>: named readers, which keep the snapshots that they still need.</summary>
internal static class ConsumerCommand
{
    public static Command Build(Terminal terminal) => new(
        "consumer",
        """
        See, set and forget how far named readers are. A reader keeps the snapshot that it reads next, and later ones.

        Examples:
          paimonsharp consumer list shop.orders
          paimonsharp consumer set shop.orders --id nightly --next 17
          paimonsharp consumer delete shop.orders --id nightly
        """)
    {
        BuildList(terminal),
        BuildSet(terminal),
        BuildDelete(terminal),
    };

    private static Command BuildList(Terminal terminal)
    {
        var action = new TableAction(terminal, "list", "Show the consumers of a table.");
        return action.Does(async (parsed, table, cancellationToken) => action.AnswerAll(
            parsed,
            await table.Consumers.ListAsync(cancellationToken).ConfigureAwait(false),
            new AlignedText("consumer", "next snapshot"),
            consumer => [consumer.Id, consumer.NextSnapshotId.ToString(CultureInfo.InvariantCulture)],
            (writer, consumer) =>
            {
                writer.WriteString("id", consumer.Id);
                writer.WriteNumber("nextSnapshotId", consumer.NextSnapshotId);
            }));
    }

    private static Command BuildSet(Terminal terminal)
    {
        var action = new TableAction(terminal, "set", "Set the snapshot that a consumer reads next.");
        var id = Id(action);
        var next = action.Add<long>("--next", "The snapshot", "id", isRequired: true);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var (consumer, snapshot) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(next));
            await table.Consumers.SetAsync(consumer, snapshot, cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, $"Consumer {consumer} reads snapshot {snapshot} next.", writer =>
            {
                writer.WriteString("id", consumer);
                writer.WriteNumber("nextSnapshotId", snapshot);
            });
        });
    }

    private static Command BuildDelete(Terminal terminal)
    {
        var action = new TableAction(terminal, "delete", "Forget a consumer.");
        var id = Id(action);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var consumer = parsed.GetRequiredValue(id);
            await table.Consumers.DeleteAsync(consumer, cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, $"Consumer {consumer} is forgotten.", writer =>
            {
                writer.WriteString("id", consumer);
                writer.WriteBoolean("deleted", true);
            });
        });
    }

    private static Option<string> Id(TableAction action) =>
        action.Add<string>("--id", "The consumer's name", "name", isRequired: true);
}
