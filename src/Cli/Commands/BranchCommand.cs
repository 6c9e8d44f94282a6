using System.CommandLine;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp branch</c>: second lines of a table's snapshots.</summary>
internal static class BranchCommand
{
    public static Command Build(Terminal terminal) => new(
        "branch",
        """
        Keep a second line of snapshots beside a table's. scan and alter take --branch NAME, others --option branch=NAME.

        Examples:
          paimonsharp branch create shop.orders --name trial --tag before-sale
          paimonsharp branch list shop.orders --json
          paimonsharp branch fast-forward shop.orders --name trial --yes
        """)
    {
        BuildList(terminal),
        BuildCreate(terminal),
        BuildFastForward(terminal),
        BuildDelete(terminal),
    };

    private static Command BuildList(Terminal terminal)
    {
        var action = new TableAction(terminal, "list", "Show the branches of a table.");
        return action.Does(async (parsed, table, cancellationToken) => action.AnswerAll(
            parsed,
            await table.Branches.ListAsync(cancellationToken).ConfigureAwait(false),
            new AlignedText("branch"),
            branch => [branch],
            (writer, branch) => writer.WriteString("name", branch)));
    }

    private static Command BuildCreate(Terminal terminal)
    {
        var action = new TableAction(terminal, "create", "Make a branch.");
        var tag = action.Add<string?>("--tag", "The tag whose rows it begins with; it is empty by default", "name");
        return DoesWithBranch(action, async (parsed, table, branch, cancellationToken) =>
        {
            await table.Branches.CreateAsync(branch, parsed.GetValue(tag), cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, $"Branch {branch} is made.", writer => writer.WriteString("name", branch));
        });
    }

    private static Command BuildFastForward(Terminal terminal)
    {
        var action = new TableAction(
            terminal, "fast-forward", "Make the table what a branch is.", "replace the table's snapshots by the branch's");
        return DoesWithBranch(action, async (parsed, table, branch, cancellationToken) =>
        {
            using var held = await table.LockForWritingAsync(cancellationToken).ConfigureAwait(false);
            await table.Branches.FastForwardAsync(branch, cancellationToken).ConfigureAwait(false);
            var latest = await table.LatestSnapshotAsync(cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, $"{table.Name} is what branch {branch} is, snapshot {latest?.Id}.", writer =>
            {
                writer.WriteString("name", branch);
                JsonParts.WriteNumberOrNull(writer, "snapshotId", latest?.Id);
            });
        });
    }

    private static Command BuildDelete(Terminal terminal)
    {
        var action = new TableAction(
            terminal, "delete", "Remove a branch; clean-orphans removes its files.", "remove the branch with all its snapshots");
        return DoesWithBranch(action, async (parsed, table, branch, cancellationToken) =>
        {
            await table.Branches.DeleteAsync(branch, cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, $"Branch {branch} is deleted.", writer =>
            {
                writer.WriteString("name", branch);
                writer.WriteBoolean("deleted", true);
            });
        });
    }

    private static Command DoesWithBranch(TableAction action, Func<ParseResult, Table, string, CancellationToken, Task> runAsync)
    {
        var name = action.Add<string>("--name", "The branch's name", "name", isRequired: true);
        return action.Does((parsed, table, cancellationToken) =>
            runAsync(parsed, table, parsed.GetRequiredValue(name), cancellationToken));
    }
}
