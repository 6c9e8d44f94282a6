using System.CommandLine;
using System.Globalization;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp tag</c>: states of a table that are kept under names.</summary>
internal static class TagCommand
{
    public static Command Build(Terminal terminal) => new(
        "tag",
        """
        Keep states of a table under names, however old they become.

        Examples:
          paimonsharp tag list shop.orders
          paimonsharp tag create shop.orders --name before-sale --snapshot 12 --keep 30d
          paimonsharp tag delete shop.orders --name before-sale
        """)
    {
        BuildList(terminal),
        BuildCreate(terminal),
        BuildReplace(terminal),
        BuildRename(terminal),
        BuildDelete(terminal),
    };

    private static Command BuildList(Terminal terminal)
    {
        var action = new TableAction(terminal, "list", "Show the tags of a table.");
        return action.Does(async (parsed, table, cancellationToken) => action.AnswerAll(
            parsed,
            await table.Tags.ListAsync(cancellationToken).ConfigureAwait(false),
            new AlignedText("tag", "snapshot", "schema", "committed", "rows", "kept for"),
            tag =>
            [
                tag.Name,
                tag.Snapshot.Id.ToString(CultureInfo.InvariantCulture),
                tag.Snapshot.SchemaId.ToString(CultureInfo.InvariantCulture),
                tag.Snapshot.CommittedAt.ToString("u"),
                tag.Snapshot.TotalRecordCount.ToString(CultureInfo.InvariantCulture),
                tag.TimeRetained is { } kept ? OptionText.FormatDuration(kept) : "ever",
            ],
            (writer, tag) =>
            {
                writer.WriteString("name", tag.Name);
                writer.WriteNumber("snapshotId", tag.Snapshot.Id);
                writer.WriteNumber("schemaId", tag.Snapshot.SchemaId);
                writer.WriteString("committedAt", tag.Snapshot.CommittedAt);
                writer.WriteNumber("totalRecordCount", tag.Snapshot.TotalRecordCount);
                JsonParts.WriteNumberOrNull(writer, "keptSeconds", (long?)tag.TimeRetained?.TotalSeconds);
            }));
    }

    private static Command BuildCreate(Terminal terminal) => BuildKeep(
        terminal, "create", "Make a tag.", static (tags, name, snapshot, time, token) => tags.CreateAsync(name, snapshot, time, token));

    private static Command BuildReplace(Terminal terminal) => BuildKeep(
        terminal,
        "replace",
        "Let a tag keep another state.",
        static (tags, name, snapshot, time, token) => tags.ReplaceAsync(name, snapshot, time, token));

    private static Command BuildKeep(
        Terminal terminal,
        string command,
        string description,
        Func<TableTags, string, long?, TimeSpan?, CancellationToken, ValueTask> keepAsync)
    {
        var action = new TableAction(terminal, command, description);
        var name = Name(action);
        var snapshot = action.Add<long?>("--snapshot", "The snapshot to keep; the newest by default", "id");
        var keep = action.Add<string?>("--keep", "How long to keep it; until it is deleted by default", "time");
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var tag = parsed.GetRequiredValue(name);
            TimeSpan? time = parsed.GetValue(keep) is { } text ? Duration.Parse(text, keep.Name) : null;
            await keepAsync(table.Tags, tag, parsed.GetValue(snapshot), time, cancellationToken).ConfigureAwait(false);
            await ShowAsync(action, parsed, table, tag, cancellationToken).ConfigureAwait(false);
        });
    }

    private static Command BuildRename(Terminal terminal)
    {
        var action = new TableAction(terminal, "rename", "Give a tag another name.");
        var name = Name(action);
        var to = action.Add<string>("--to", "The new name", "name", isRequired: true);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            await table.Tags.RenameAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(to), cancellationToken).ConfigureAwait(false);
            await ShowAsync(action, parsed, table, parsed.GetRequiredValue(to), cancellationToken).ConfigureAwait(false);
        });
    }

    private static Command BuildDelete(Terminal terminal)
    {
        var action = new TableAction(terminal, "delete", "Remove a tag, and the files that only it kept.");
        var name = Name(action);
        return action.Does(async (parsed, table, cancellationToken) =>
        {
            var tag = parsed.GetRequiredValue(name);
            var existed = await table.Tags.TryGetAsync(tag, cancellationToken).ConfigureAwait(false) is not null;
            await table.Tags.DeleteAsync(tag, cancellationToken).ConfigureAwait(false);
            action.Answer(parsed, existed ? $"Tag {tag} is deleted." : $"There was no tag {tag}.", writer =>
            {
                writer.WriteString("name", tag);
                writer.WriteBoolean("deleted", existed);
            });
        });
    }

    private static Option<string> Name(TableAction action) =>
        action.Add<string>("--name", "The tag's name", "name", isRequired: true);

    private static async Task ShowAsync(
        TableAction action, ParseResult parsed, Table table, string name, CancellationToken cancellationToken)
    {
        var tag = await table.Tags.TryGetAsync(name, cancellationToken).ConfigureAwait(false);
        action.Answer(parsed, $"Tag {name} keeps snapshot {tag?.Snapshot.Id}.", writer =>
        {
            writer.WriteString("name", name);
            JsonParts.WriteNumberOrNull(writer, "snapshotId", tag?.Snapshot.Id);
        });
    }
}
