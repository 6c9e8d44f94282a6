using System.CommandLine;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp expire</c>: removes old snapshots with the files that only they need.</summary>
internal static class ExpireCommand
{
    public static Command Build(Terminal terminal)
    {
        var action = new TableAction(
            terminal,
            "expire",
            """
            Remove old snapshots with the files that only they need, by the table's options or by those given here. What tags,
            branches and consumers need stays. Commits do the same by themselves unless the table is write-only.

            Examples:
              paimonsharp expire shop.orders
              paimonsharp expire shop.orders --retain-min 1 --retain-max 5 --older-than 10m
            """);
        var min = action.Add<int?>("--retain-min", "Always keep so many; snapshot.num-retained.min by default", "count");
        var max = action.Add<int?>("--retain-max", "Keep no more; snapshot.num-retained.max by default", "count");
        var age = action.Add<string?>("--older-than", "Remove what is older; snapshot.time-retained by default", "time");
        var limit = action.Add<int?>("--limit", "Remove no more in this run; all that is due by default", "count");
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var options = SnapshotRetention.From(table.Options);
            var retention = options with
            {
                MinSnapshots = parsed.GetValue(min) ?? options.MinSnapshots,
                MaxSnapshots = parsed.GetValue(max) ?? options.MaxSnapshots,
                TimeRetained = parsed.GetValue(age) is { } text ? Duration.Parse(text, age.Name) : options.TimeRetained,
                MaxDeletes = parsed.GetValue(limit) ?? int.MaxValue,
            };
            var snapshots = await table.Maintenance.ExpireSnapshotsAsync(retention, cancellationToken).ConfigureAwait(false);
            var changelogs = retention.AreChangelogsKeptLonger
                ? await table.Maintenance.ExpireChangelogsAsync(retention, cancellationToken).ConfigureAwait(false)
                : 0;
            action.Answer(parsed, $"{snapshots} snapshots and {changelogs} changelogs of {table.Name} are removed.", writer =>
            {
                writer.WriteNumber("expiredSnapshots", snapshots);
                writer.WriteNumber("expiredChangelogs", changelogs);
            });
        });
    }
}
