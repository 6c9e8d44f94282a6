using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>The schema changes of recorded histories, made by ours: the same schemas, and refusals at the same steps.</summary>
public class SchemaChangeCaseTests
{
    [Fact]
    public void Every_recorded_schema_change_gives_the_same_schema_or_is_refused_as_in_Paimon()
    {
        var (changed, refused) = (0, 0);
        var wrong = new List<string>();
        foreach (var folder in GoldenCase.Folders())
        {
            using var input = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")));
            using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
            var steps = input.RootElement.GetProperty("steps").EnumerateArray().ToList();
            if (!steps.Any(step => Text(step, "op") == "alter") || steps.Any(step => Text(step, "op") == "useBranch"))
            {
                continue;
            }

            var schemas = expected.RootElement.GetProperty("schemas").EnumerateArray()
                .Select(schema => TableSchemaJson.Read(JsonSerializer.SerializeToUtf8Bytes(schema)))
                .OrderBy(schema => schema.Id).ToList();
            var errors = expected.RootElement.TryGetProperty("errors", out var list)
                ? list.EnumerateArray().Select(error => error.GetProperty("step").GetInt32()).ToHashSet()
                : [];
            var schema = schemas[0];
            var hasSnapshots = false;
            for (var i = 0; i < steps.Count; i++)
            {
                hasSnapshots |= Text(steps[i], "op") == "commit";
                if (Text(steps[i], "op") != "alter")
                {
                    continue;
                }

                var found = Alter(schema, hasSnapshots, steps[i].GetProperty("changes"));
                if (errors.Contains(i))
                {
                    refused++;
                    wrong.AddRange(found is null ? [] : [$"{folder}: step {i} is not refused"]);
                    continue;
                }

                changed++;
                if (schema.Id + 1 == schemas.Count)
                {
                    wrong.Add($"{folder}: step {i} gives a schema that was not recorded");
                    break;
                }

                schema = schemas[(int)schema.Id + 1];
                if (found is null || !(found with { TimeMillis = schema.TimeMillis }).Equals(schema))
                {
                    wrong.Add($"{folder}: step {i} gives {(found is null ? "a refusal" : Json(found))} instead of {Json(schema)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(changed >= 96 && refused >= 19, $"{changed} changes, {refused} refusals");
    }

    private static TableSchema? Alter(TableSchema schema, bool hasSnapshots, JsonElement changes)
    {
        try
        {
            var draft = new SchemaDraft(schema, hasSnapshots);
            foreach (var change in changes.EnumerateArray())
            {
                ReadChange(change).Apply(draft);
            }

            return draft.Finish(timeMillis: 0);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
        {
            return null;
        }
    }

    private static SchemaChange ReadChange(JsonElement change)
    {
        IReadOnlyList<string> path = change.TryGetProperty("path", out var names)
            ? [.. names.EnumerateArray().Select(name => name.GetString()!)]
            : [Text(change, "column") ?? ""];
        var reference = Text(change, "reference") ?? "";
        var position = Text(change, "move") switch
        {
            "first" => ColumnPosition.First,
            "last" => ColumnPosition.Last,
            "after" => ColumnPosition.After(reference),
            "before" => ColumnPosition.Before(reference),
            _ => null,
        };
        return Text(change, "change") switch
        {
            "addColumn" => new SchemaChange.AddColumn(path, Type(), Text(change, "comment"), position),
            "dropColumn" => new SchemaChange.DropColumn(path),
            "renameColumn" => new SchemaChange.RenameColumn(path, Text(change, "to")!),
            "updateColumnType" => new SchemaChange.UpdateColumnType(path, Type(), Flag("keepNullability")),
            "updateColumnNullability" => new SchemaChange.UpdateColumnNullability(path, Flag("nullable")),
            "updateColumnComment" => new SchemaChange.UpdateColumnComment(path, Text(change, "comment")),
            "updateColumnDefaultValue" => new SchemaChange.UpdateColumnDefault(path, Text(change, "value")),
            "updateColumnPosition" => new SchemaChange.MoveColumn(path[0], position!),
            "setOption" => new SchemaChange.SetOption(Text(change, "key")!, Text(change, "value")!),
            "removeOption" => new SchemaChange.RemoveOption(Text(change, "key")!),
            "updateComment" => new SchemaChange.UpdateComment(Text(change, "comment")),
            var other => throw new InvalidDataException($"An unknown change {other}."),
        };

        DataType Type() => DataTypeJson.Read(change.GetProperty("type"));

        bool Flag(string name) => change.TryGetProperty(name, out var value) && value.GetBoolean();
    }

    private static string Json(TableSchema schema) => System.Text.Encoding.UTF8.GetString(TableSchemaJson.Write(schema));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
