using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>
/// The types of columns by the schemas that were recorded. Arrays that aggregators make from hash tables count as multisets,
/// since the order of their elements says nothing.
/// </summary>
internal sealed class ColumnTypes
{
    private readonly Dictionary<long, IReadOnlyList<DataField>> _schemas = [];

    public ColumnTypes(JsonElement expected)
    {
        if (expected.TryGetProperty("schemas", out var schemas))
        {
            foreach (var schema in schemas.EnumerateArray())
            {
                var options = schema.TryGetProperty("options", out var texts) ? texts : default;
                _schemas[schema.GetProperty("id").GetInt64()] =
                    [.. DataTypeJson.ReadFields(schema.GetProperty("fields")).Select(field => WithoutOrder(field, options))];
            }
        }
    }

    /// <summary>The types of a schema's columns; none where it was not recorded.</summary>
    public IReadOnlyList<DataType?> OfSchema(long id) =>
        _schemas.TryGetValue(id, out var fields) ? [.. fields.Select(field => field.Type)] : [];

    /// <summary>The types of columns by name, in the newest schema that has them.</summary>
    public IReadOnlyList<DataType?> OfColumns(IEnumerable<string> names) =>
    [
        .. names.Select(name => _schemas.OrderByDescending(schema => schema.Key)
            .Select(schema => schema.Value.FirstOrDefault(field => field.Name == name)?.Type)
            .FirstOrDefault(type => type is not null)),
    ];

    private static DataField WithoutOrder(DataField field, JsonElement options)
    {
        string? Option(string key) =>
            options.ValueKind == JsonValueKind.Object && options.TryGetProperty(key, out var text) ? text.GetString() : null;

        var isHashed = (Option($"fields.{field.Name}.aggregate-function") ?? Option("fields.default-aggregate-function")) switch
        {
            "collect" => Option($"fields.{field.Name}.distinct") == "true",
            "nested_update" => Option($"fields.{field.Name}.nested-key") is not null,
            "nested_partial_update" => true,
            _ => false,
        };
        return isHashed && field.Type is ArrayType array ? field with { Type = new MultisetType(array.Element) } : field;
    }
}
