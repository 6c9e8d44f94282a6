using System.CommandLine;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp clean-orphans</c>: removes files that no state of a table needs.</summary>
internal static class CleanOrphansCommand
{
    private const string DefaultAge = "24h";

    public static Command Build(Terminal terminal)
    {
        var action = new TableAction(
            terminal,
            "clean-orphans",
            """
            Remove files that no snapshot, tag or changelog of any branch needs: what crashes, failed commits, rollbacks and
            deleted branches left. Only old files go, as a writer may be about to commit a young one.

            Examples:
              paimonsharp clean-orphans shop.orders --dry-run
              paimonsharp clean-orphans shop.orders --older-than 48h
            """);
        var age = action.Add<string?>(
            "--older-than", $"How old a file must be, longer than any write takes; {DefaultAge} by default", "time");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the files and remove none" };
        action.Command.Options.Add(dryRun);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var orphans = await table.Maintenance.CleanOrphanFilesAsync(
                Duration.Parse(parsed.GetValue(age) ?? DefaultAge, age.Name), parsed.GetValue(dryRun), cancellationToken)
                .ConfigureAwait(false);
            var done = orphans.AreRemoved ? "removed" : "found";
            var text = string.Join(
                '\n',
                orphans.Paths.Append($"{orphans.Paths.Count} files of {ByteSize.Text(orphans.SizeBytes)} {done}."));
            action.Answer(parsed, text, writer =>
            {
                JsonParts.WriteStrings(writer, "files", orphans.Paths);
                writer.WriteNumber("sizeBytes", orphans.SizeBytes);
                writer.WriteBoolean("removed", orphans.AreRemoved);
            });
        });
    }
}
