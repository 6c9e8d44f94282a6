using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;

namespace PaimonSharp.Data.Types;

/// <summary>
/// Types as schema files hold them: a scalar type is a text (<c>"DECIMAL(10, 2) NOT NULL"</c>), a nested one an object
/// (<c>{"type" : "ARRAY", "element" : "INT"}</c>); docs/format.md#schema. Unknown members are ignored.
/// </summary>
public static class DataTypeJson
{
    /// <summary>Reads a type.</summary>
    /// <param name="json">The text or object.</param>
    /// <exception cref="PaimonException">Corrupt: no type Paimon knows. Unsupported: one of a later release.</exception>
    public static DataType Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return DataTypeText.Parse(json.GetString()!);
            case JsonValueKind.Object:
                return ReadNested(json);
            default:
                throw new CorruptDataException($"A type is a text or an object; found {Shorten(json)}.");
        }
    }

    /// <summary>Reads a type from a JSON text.</summary>
    /// <param name="json">A JSON string or object.</param>
    /// <exception cref="PaimonException">Corrupt: no JSON, or no type Paimon knows. Unsupported: one of a later release.</exception>
    public static DataType Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one: a text that is not Unicode.
            throw new CorruptDataException($"A type is not valid JSON: {e.Message}", innerException: e);
        }
    }

    /// <summary>Writes a type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">The type.</param>
    public static void Write(PrettyJsonWriter writer, DataType type)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(type);
        switch (type)
        {
            case ArrayType array:
                Begin(writer, "ARRAY", type);
                Part(writer, "element", array.Element);
                break;
            case MultisetType multiset:
                Begin(writer, "MULTISET", type);
                Part(writer, "element", multiset.Element);
                break;
            case VectorType vector:
                Begin(writer, "VECTOR", type);
                Part(writer, "element", vector.Element);
                writer.Member("length", vector.Length);
                break;
            case MapType map:
                Begin(writer, "MAP", type);
                Part(writer, "key", map.Key);
                Part(writer, "value", map.Value);
                break;
            case RowType row:
                Begin(writer, "ROW", type);
                writer.Name("fields");
                WriteFields(writer, row.Fields);
                break;
            default:
                writer.Value(type.ToString());
                return;
        }

        writer.EndObject();
    }

    /// <summary>Reads the fields of a row or a table.</summary>
    /// <param name="json">An array of field objects.</param>
    /// <exception cref="PaimonException">Corrupt: not fields. Unsupported: a type of a later release.</exception>
    public static IReadOnlyList<DataField> ReadFields(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            CorruptDataException.Throw($"Fields are an array; found {Shorten(json)}.");
        }

        var fields = new List<DataField>(json.GetArrayLength());
        foreach (var field in json.EnumerateArray())
        {
            fields.Add(ReadField(field));
        }

        return fields;
    }

    /// <summary>Writes the fields of a row or a table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="fields">The fields, in order.</param>
    public static void WriteFields(PrettyJsonWriter writer, IReadOnlyList<DataField> fields)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(fields);
        writer.StartArray();
        foreach (var field in fields)
        {
            writer.StartObject();
            writer.Member("id", field.Id);
            writer.Member("name", field.Name);
            Part(writer, "type", field.Type);
            if (field.Description is not null)
            {
                writer.Member("description", field.Description);
            }

            if (field.DefaultValue is not null)
            {
                writer.Member("defaultValue", field.DefaultValue);
            }

            writer.EndObject();
        }

        writer.EndArray();
    }

    private static void Begin(PrettyJsonWriter writer, string name, DataType type)
    {
        writer.StartObject();
        writer.Member("type", type.IsNullable ? name : name + " NOT NULL");
    }

    private static void Part(PrettyJsonWriter writer, string name, DataType type)
    {
        writer.Name(name);
        Write(writer, type);
    }

    private static DataType ReadNested(JsonElement json)
    {
        var text = RequireText(json, "type", "a type");
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var name = words.Length > 0 ? words[0].ToUpperInvariant() : string.Empty;
        var nullable = words.Length switch
        {
            1 => true,
            3 when words[1].Equals("NOT", StringComparison.OrdinalIgnoreCase)
                && words[2].Equals("NULL", StringComparison.OrdinalIgnoreCase) => false,
            _ => throw new CorruptDataException($"'{text}' is not the name of a nested type."),
        };
        DataType type = name switch
        {
            "ARRAY" => new ArrayType(ReadPart(json, "element", name)),
            "MULTISET" => new MultisetType(ReadPart(json, "element", name)),
            "MAP" => new MapType(ReadPart(json, "key", name), ReadPart(json, "value", name)),
            "VECTOR" => new VectorType(ReadPart(json, "element", name), RequireInt(json, "length", name)),
            "ROW" => ReadRow(json),
            _ => throw new CorruptDataException($"'{text}' is no nested type; expected ARRAY, MULTISET, MAP, ROW or VECTOR."),
        };
        return nullable ? type : type.NotNull();
    }

    private static RowType ReadRow(JsonElement json)
    {
        if (!json.TryGetProperty("fields", out var fields))
        {
            CorruptDataException.Throw("The type ROW has no 'fields'.");
        }

        return MakeRow(ReadFields(fields));
    }

    private static RowType MakeRow(IReadOnlyList<DataField> fields)
    {
        try
        {
            return new RowType(fields);
        }
        catch (ArgumentException e)
        {
            throw new CorruptDataException($"The type ROW is not valid: {e.Message}", innerException: e);
        }
    }

    private static DataField ReadField(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            CorruptDataException.Throw($"A field is an object; found {Shorten(json)}.");
        }

        var name = RequireText(json, "name", "a field");
        return new DataField(
            RequireInt(json, "id", $"field '{name}'"),
            name,
            ReadPart(json, "type", $"field '{name}'"),
            OptionalText(json, "description"),
            OptionalText(json, "defaultValue"));
    }

    private static DataType ReadPart(JsonElement json, string member, string owner) =>
        json.TryGetProperty(member, out var part)
            ? Read(part)
            : throw new CorruptDataException($"{owner} has no '{member}'.");

    private static string RequireText(JsonElement json, string member, string owner) =>
        OptionalText(json, member) ?? throw new CorruptDataException($"The text '{member}' of {owner} is missing in {Shorten(json)}.");

    private static string? OptionalText(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int RequireInt(JsonElement json, string member, string owner) =>
        json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new CorruptDataException($"The number '{member}' of {owner} is missing in {Shorten(json)}.");

    private static string Shorten(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= 100 ? text : text[..100] + "...";
    }
}
