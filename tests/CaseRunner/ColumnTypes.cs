using System.Text.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.CaseRunner;

/// <summary>The types of columns by the schemas that were recorded.</summary>
internal sealed class ColumnTypes
{
    private readonly Dictionary<long, IReadOnlyList<DataField>> _schemas = [];

    public ColumnTypes(JsonElement expected)
    {
        if (expected.TryGetProperty("schemas", out var schemas))
        {
            foreach (var schema in schemas.EnumerateArray())
            {
                _schemas[schema.GetProperty("id").GetInt64()] = DataTypeJson.ReadFields(schema.GetProperty("fields"));
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
}
