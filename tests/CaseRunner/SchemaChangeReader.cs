using System.Text.Json;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>The changes of an <c>alter</c> step.</summary>
internal static class SchemaChangeReader
{
    public static IReadOnlyList<SchemaChange> Read(JsonElement changes) => [.. changes.EnumerateArray().Select(ReadOne)];

    private static SchemaChange ReadOne(JsonElement change) => Text(change, "change") switch
    {
        "addColumn" => new SchemaChange.AddColumn(Path(change), Type(change), Text(change, "comment"), Position(change)),
        "dropColumn" => new SchemaChange.DropColumn(Path(change)),
        "renameColumn" => new SchemaChange.RenameColumn(Path(change), Text(change, "to")!),
        "updateColumnType" => new SchemaChange.UpdateColumnType(Path(change), Type(change), Flag(change, "keepNullability")),
        "updateColumnNullability" => new SchemaChange.UpdateColumnNullability(Path(change), Flag(change, "nullable")),
        "updateColumnComment" => new SchemaChange.UpdateColumnComment(Path(change), Text(change, "comment")),
        "updateColumnDefaultValue" => new SchemaChange.UpdateColumnDefault(Path(change), Text(change, "value")),
        "updateColumnPosition" => new SchemaChange.MoveColumn(Text(change, "column")!, Position(change)!),
        "setOption" => new SchemaChange.SetOption(Text(change, "key")!, Text(change, "value")!),
        "removeOption" => new SchemaChange.RemoveOption(Text(change, "key")!),
        "updateComment" => new SchemaChange.UpdateComment(Text(change, "comment")),
        var name => throw CaseSession.Unsupported($"The schema change {name}"),
    };

    private static IReadOnlyList<string> Path(JsonElement change) => change.TryGetProperty("path", out var path)
        ? [.. path.EnumerateArray().Select(name => name.GetString()!)]
        : [Text(change, "column")!];

    private static DataType Type(JsonElement change) => DataTypeJson.Read(change.GetProperty("type"));

    private static ColumnPosition? Position(JsonElement change) => Text(change, "move") switch
    {
        null => null,
        "first" => ColumnPosition.First,
        "last" => ColumnPosition.Last,
        "after" => ColumnPosition.After(Text(change, "reference")!),
        "before" => ColumnPosition.Before(Text(change, "reference")!),
        var move => throw CaseSession.Unsupported($"The move {move}"),
    };

    private static bool Flag(JsonElement change, string member) =>
        change.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement change, string member) =>
        change.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
