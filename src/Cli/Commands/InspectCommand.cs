using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary><c>paimonsharp inspect</c>: a table's schema, options, snapshots, and its files by level.</summary>
internal static class InspectCommand
{
    private const int ShownSnapshots = 10;

    public static Command Build(Terminal terminal)
    {
        var command = new Command(
            "inspect",
            """
            Show a table's schema, options, snapshots, and its files by level with key ranges and sizes.

            Examples:
              paimonsharp inspect shop.orders
              paimonsharp inspect --path ./warehouse/shop.db/orders --json
            """);
        var table = new TableOptionsSet(command);
        var json = CommonOptions.Json();
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var opened = await table.OpenAsync(parsed, terminal, [], cancellationToken).ConfigureAwait(false);
            var snapshots = await opened.SnapshotsAsync(cancellationToken).ConfigureAwait(false);
            var files = await opened.FilesAsync(null, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                WriteJson(terminal.Output, opened, snapshots, files);
            }
            else
            {
                WriteText(terminal.Output, opened, snapshots, files);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteText(
        Stream output, Table table, IReadOnlyList<TableSnapshot> snapshots, IReadOnlyList<TableFile> files)
    {
        Line(output, $"{table.Name}  ({table.Path})");
        Line(output, $"\nSchema {table.Schema.Id}");
        var columns = new AlignedText("id", "column", "type", "key", "comment");
        foreach (var field in table.Schema.Fields)
        {
            var key = table.Schema.PartitionKeys.Contains(field.Name) ? "partition"
                : table.Schema.PrimaryKeys.Contains(field.Name) ? "primary" : "";
            columns.Add(field.Id.ToString(), field.Name, field.Type.ToString(), key, field.Description ?? "");
        }

        columns.WriteTo(output);
        Line(output, "\nOptions");
        foreach (var (key, value) in table.Options.Texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Line(output, $"  {key} = {value}");
        }

        WriteSnapshots(output, snapshots);
        WriteFiles(output, files);
    }

    private static void WriteSnapshots(Stream output, IReadOnlyList<TableSnapshot> snapshots)
    {
        Line(output, $"\nSnapshots: {snapshots.Count}" + (snapshots.Count > ShownSnapshots ? $", the newest {ShownSnapshots}:" : ""));
        var text = new AlignedText("id", "kind", "committed", "schema", "rows", "change", "changelog", "user", "identifier");
        foreach (var snapshot in snapshots.TakeLast(ShownSnapshots))
        {
            text.Add(
                snapshot.Id.ToString(),
                snapshot.CommitKind,
                snapshot.CommittedAt.ToString("u"),
                snapshot.SchemaId.ToString(),
                snapshot.TotalRecordCount.ToString(),
                snapshot.DeltaRecordCount.ToString("+0;-0;0", CultureInfo.InvariantCulture),
                snapshot.ChangelogRecordCount.ToString(),
                snapshot.CommitUser,
                snapshot.CommitIdentifier == long.MaxValue ? "batch" : snapshot.CommitIdentifier.ToString());
        }

        text.WriteTo(output);
    }

    private static void WriteFiles(Stream output, IReadOnlyList<TableFile> files)
    {
        Line(output, $"\nFiles: {files.Count}, {ByteSize.Text(files.Sum(file => file.SizeBytes))}");
        var text = new AlignedText("partition", "bucket", "level", "rows", "deletes", "size", "keys", "sequence", "file");
        foreach (var file in files)
        {
            text.Add(
                file.Partition,
                file.Bucket.ToString(),
                file.Level.ToString(),
                file.RowCount.ToString(),
                file.DeleteRowCount?.ToString() ?? "?",
                ByteSize.Text(file.SizeBytes),
                file.MinKey.Length + file.MaxKey.Length == 0 ? "" : $"{file.MinKey} .. {file.MaxKey}",
                $"{file.MinSequenceNumber}..{file.MaxSequenceNumber}",
                file.Name);
        }

        text.WriteTo(output);
    }

    private static void WriteJson(
        Stream output, Table table, IReadOnlyList<TableSnapshot> snapshots, IReadOnlyList<TableFile> files)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("table", table.Name);
            writer.WriteString("path", table.Path);
            writer.WriteNumber("schemaId", table.Schema.Id);
            writer.WriteStartArray("columns");
            foreach (var field in table.Schema.Fields)
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", field.Id);
                writer.WriteString("name", field.Name);
                writer.WriteString("type", field.Type.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            JsonParts.WriteStrings(writer, "primaryKeys", table.Schema.PrimaryKeys);
            JsonParts.WriteStrings(writer, "partitionKeys", table.Schema.PartitionKeys);
            JsonParts.WriteMap(writer, "options", table.Options.Texts);
            WriteSnapshots(writer, snapshots);
            WriteFiles(writer, files);
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteSnapshots(Utf8JsonWriter writer, IReadOnlyList<TableSnapshot> snapshots)
    {
        writer.WriteStartArray("snapshots");
        foreach (var snapshot in snapshots)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", snapshot.Id);
            writer.WriteString("kind", snapshot.CommitKind);
            writer.WriteString("committedAt", snapshot.CommittedAt);
            writer.WriteNumber("schemaId", snapshot.SchemaId);
            writer.WriteNumber("totalRecordCount", snapshot.TotalRecordCount);
            writer.WriteNumber("deltaRecordCount", snapshot.DeltaRecordCount);
            writer.WriteNumber("changelogRecordCount", snapshot.ChangelogRecordCount);
            writer.WriteString("commitUser", snapshot.CommitUser);
            writer.WriteNumber("commitIdentifier", snapshot.CommitIdentifier);
            JsonParts.WriteNumberOrNull(writer, "watermark", snapshot.Watermark);
            JsonParts.WriteMap(writer, "properties", snapshot.Properties);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFiles(Utf8JsonWriter writer, IReadOnlyList<TableFile> files)
    {
        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Name);
            writer.WriteString("partition", file.Partition);
            writer.WriteNumber("bucket", file.Bucket);
            writer.WriteNumber("level", file.Level);
            writer.WriteNumber("rowCount", file.RowCount);
            JsonParts.WriteNumberOrNull(writer, "deleteRowCount", file.DeleteRowCount);
            writer.WriteNumber("sizeBytes", file.SizeBytes);
            writer.WriteString("minKey", file.MinKey);
            writer.WriteString("maxKey", file.MaxKey);
            writer.WriteNumber("minSequenceNumber", file.MinSequenceNumber);
            writer.WriteNumber("maxSequenceNumber", file.MaxSequenceNumber);
            writer.WriteNumber("schemaId", file.SchemaId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Line(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text + "\n"));
}
