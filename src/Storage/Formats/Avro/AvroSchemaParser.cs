using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>Reads the JSON of <c>avro.schema</c>. For one schema.</summary>
internal sealed class AvroSchemaParser
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 4 * AvroSchema.MaxDepth };
    private readonly Dictionary<string, AvroSchema> _named = new(StringComparer.Ordinal);

    private AvroSchemaParser()
    {
    }

    /// <summary>Reads a schema.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="CorruptDataException">The text is no Avro schema.</exception>
    public static AvroSchema Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            Fail("the text is not UTF-8");
        }

        try
        {
            using var document = JsonDocument.Parse(json, JsonOptions);
            return new AvroSchemaParser().Read(document.RootElement, string.Empty);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second one: a number where a text stands, or a text of lone surrogates.
            throw new CorruptDataException($"avro.schema is not JSON: {error.Message}", innerException: error);
        }
    }

    private AvroSchema Read(JsonElement element, string space)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ReadName(element.GetString()!, null, space);
            case JsonValueKind.Array:
                return new AvroUnion([.. element.EnumerateArray().Select(branch => Read(branch, space))]);
            case JsonValueKind.Object when element.TryGetProperty("type", out var type):
                return type.ValueKind == JsonValueKind.String
                    ? ReadObject(element, type.GetString()!, space)
                    : Read(type, space);
            default:
                Fail($"a schema is a name, a list or an object with a type, not {element.ValueKind}");
                return null;
        }
    }

    private AvroSchema ReadObject(JsonElement element, string type, string space)
    {
        var logicalType = Text(element, "logicalType");
        switch (type)
        {
            case "record":
                return ReadRecord(element, space);
            case "array":
                return new AvroCollection(AvroKind.Array, Read(Member(element, "items"), space), logicalType);
            case "map":
                return new AvroCollection(AvroKind.Map, Read(Member(element, "values"), space), logicalType);
            case "enum":
                return Define(element, space, new AvroSchema(AvroKind.Enum));
            case "fixed":
                if (!Member(element, "size").TryGetInt32(out var size) || size < 0)
                {
                    Fail("the size of a fixed is a number of bytes");
                }

                return Define(element, space, new AvroFixed(size, logicalType));
            default:
                return ReadName(type, logicalType, space);
        }
    }

    private AvroRecord ReadRecord(JsonElement element, string space)
    {
        space = Text(element, "namespace") ?? space;
        var record = new AvroRecord(Text(element, "name") ?? "record");
        Define(element, space, record);
        var list = Member(element, "fields");
        if (list.ValueKind != JsonValueKind.Array)
        {
            Fail("the fields of a record are a list");
        }

        record.Fields = [.. list.EnumerateArray().Select(field => new AvroField(
            Text(field, "name") ?? throw new CorruptDataException("avro.schema: a field has no name."),
            Read(Member(field, "type"), space)))];
        return record;
    }

    private AvroSchema ReadName(string name, string? logicalType, string space)
    {
        AvroKind? kind = name switch
        {
            "null" => AvroKind.Null,
            "boolean" => AvroKind.Boolean,
            "int" => AvroKind.Int,
            "long" => AvroKind.Long,
            "float" => AvroKind.Float,
            "double" => AvroKind.Double,
            "bytes" => AvroKind.Bytes,
            "string" => AvroKind.String,
            _ => null,
        };
        if (kind is not null)
        {
            return new AvroSchema(kind.Value, logicalType);
        }

        if (!_named.TryGetValue(FullName(name, space), out var schema))
        {
            Fail($"the type '{name}' is not defined");
        }

        return schema;
    }

    private AvroSchema Define(JsonElement element, string space, AvroSchema schema)
    {
        var name = Text(element, "name");
        if (name is not null)
        {
            // Older writers reuse the name of the enclosing record: the first definition is the one that names refer to.
            _named.TryAdd(FullName(name, Text(element, "namespace") ?? space), schema);
        }

        return schema;
    }

    private static string FullName(string name, string space) =>
        space.Length == 0 || name.Contains('.', StringComparison.Ordinal) ? name : $"{space}.{name}";

    private static JsonElement Member(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var member))
        {
            Fail($"'{name}' is missing");
            return default;
        }

        return member;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    [DoesNotReturn]
    private static void Fail(string message) => CorruptDataException.Throw($"avro.schema: {message}.");
}
