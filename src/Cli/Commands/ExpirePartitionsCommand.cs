using System.CommandLine;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp expire-partitions</c>: removes partitions that are older than a time.</summary>
internal static class ExpirePartitionsCommand
{
    public static Command Build(Terminal terminal)
    {
        var action = new TableAction(
            terminal,
            "expire-partitions",
            """
            Remove the rows of partitions that are older than a time, by the table's options or by those given here, as new
            snapshots. Earlier snapshots keep them until they expire. Commits do the same by themselves unless the table is write-only.
            A partition's time is what its values name, or when it was written last.

            Examples:
              paimonsharp expire-partitions shop.orders --dry-run
              paimonsharp expire-partitions shop.orders --older-than 30d --pattern '$year-$month-$day' --formatter yyyy-MM-dd
              paimonsharp expire-partitions shop.orders --older-than 90d --strategy update-time
            """);
        var age = action.Add<string?>("--older-than", "Remove what is older; partition.expiration-time by default", "time");
        var strategy = action.Add<string?>(
            "--strategy", "values-time or update-time; partition.expiration-strategy by default", "name");
        var pattern = action.Add<string?>(
            "--pattern", "How values make a time; partition.timestamp-pattern, else the first column, by default", "text");
        var formatter = action.Add<string?>(
            "--formatter", "How that time is read, in Java's letters; partition.timestamp-formatter by default", "text");
        var limit = action.Add<int?>("--limit", "Remove no more; partition.expiration-max-num by default", "count");
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be removed, and remove nothing" };
        action.Command.Options.Add(dryRun);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var options = table.Options.With(Given(
                ("partition.expiration-time", parsed.GetValue(age) is { } text ? OfDuration(text, age.Name) : null),
                ("partition.expiration-strategy", parsed.GetValue(strategy)),
                ("partition.timestamp-pattern", parsed.GetValue(pattern)),
                ("partition.timestamp-formatter", parsed.GetValue(formatter)),
                ("partition.expiration-max-num", parsed.GetValue(limit)?.ToString())));
            var retention = PartitionRetention.From(options) ?? throw new PaimonException(
                ErrorKind.Invalid,
                $"{table.Name} has no option 'partition.expiration-time': say --older-than, or set the option with 'paimonsharp alter'.");
            if (table.Schema.PartitionKeys.Count == 0)
            {
                PaimonException.ThrowInvalid($"{table.Name} has no partitions.");
            }

            var expired = await table.Maintenance.ExpirePartitionsAsync(
                retention, parsed.GetValue(dryRun), null, cancellationToken).ConfigureAwait(false);
            Answer(action, parsed, table, expired, parsed.GetValue(dryRun));
        });
    }

    private static string OfDuration(string text, string option) =>
        Data.Options.OptionText.FormatDuration(Duration.Parse(text, option));

    private static IEnumerable<KeyValuePair<string, string>> Given(params (string Key, string? Value)[] options) =>
        from option in options where option.Value is not null select new KeyValuePair<string, string>(option.Key, option.Value);

    private static void Answer(
        TableAction action,
        ParseResult parsed,
        Table table,
        IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> expired,
        bool isDryRun)
    {
        var names = expired.Select(partition => string.Join(',', partition.Select(value => $"{value.Key}={value.Value}")));
        var text = $"{expired.Count} partitions of {table.Name} {(isDryRun ? "would be" : "are")} removed.";
        action.Answer(parsed, string.Join('\n', names.Append(text)), writer =>
        {
            writer.WriteBoolean("removed", !isDryRun);
            writer.WriteStartArray("partitions");
            foreach (var partition in expired)
            {
                writer.WriteStartObject();
                foreach (var (key, value) in partition)
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
