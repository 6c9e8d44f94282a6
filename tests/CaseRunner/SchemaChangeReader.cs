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
        "addColumn" when Text(change, "move") is null && Text(change, "column") is { } column => new SchemaChange.AddColumn(
            column, DataTypeJson.Read(change.GetProperty("type")), Text(change, "comment")),
        "setOption" => new SchemaChange.SetOption(Text(change, "key")!, Text(change, "value")!),
        var name => throw CaseSession.Unsupported($"The schema change {name}"),
    };

    private static string? Text(JsonElement change, string member) =>
        change.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
