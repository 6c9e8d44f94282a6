using System.CommandLine;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp rollback</c>: takes a table back to an earlier state.</summary>
internal static class RollbackCommand
{
    public static Command Build(Terminal terminal)
    {
        var action = new TableAction(
            terminal,
            "rollback",
            """
            Take a table back to a snapshot or tag. Later snapshots and their tags go; clean-orphans removes their files.

            Examples:
              paimonsharp rollback shop.orders --snapshot 12 --yes
              paimonsharp rollback shop.orders --tag before-sale --yes
            """,
            "remove all later snapshots");
        var snapshot = action.Add<long?>("--snapshot", "The snapshot to go back to", "id");
        var tag = action.Add<string?>("--tag", "The tag to go back to", "name");
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var (id, name) = (parsed.GetValue(snapshot), parsed.GetValue(tag));
            if ((id is null) == (name is null))
            {
                PaimonException.ThrowInvalid("Name one state, either by --snapshot ID or by --tag NAME.");
            }

            using var held = await table.LockForWritingAsync(cancellationToken).ConfigureAwait(false);
            if (id is not null)
            {
                await table.Maintenance.RollBackToSnapshotAsync(id.Value, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await table.Maintenance.RollBackToTagAsync(name!, cancellationToken).ConfigureAwait(false);
            }

            var latest = await table.LatestSnapshotAsync(cancellationToken).ConfigureAwait(false);
            action.Answer(
                parsed,
                $"{table.Name} is back at snapshot {latest?.Id}.",
                writer => JsonParts.WriteNumberOrNull(writer, "snapshotId", latest?.Id));
        });
    }
}
