using System.Globalization;
using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Schemas;

/// <summary>
/// Schema files in and out (docs/format.md#schema). Written byte for byte as Paimon 1.4 does; unknown members are ignored on
/// reading, and options that older layouts imply are made explicit.
/// </summary>
public static class TableSchemaJson
{
    private const int VersionWithoutBucket = 1;
    private const int VersionWithoutFormat = 2;

    /// <summary>Writes a schema file.</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>UTF-8 without a byte order mark.</returns>
    public static byte[] Write(TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var writer = new PrettyJsonWriter();
        writer.StartObject();
        writer.Member("version", schema.Version);
        writer.Member("id", schema.Id);
        writer.Name("fields");
        DataTypeJson.WriteFields(writer, schema.Fields);
        writer.Member("highestFieldId", schema.HighestFieldId);
        writer.Member("partitionKeys", schema.PartitionKeys);
        writer.Member("primaryKeys", schema.PrimaryKeys);
        writer.Member("options", schema.Options);
        if (schema.Comment is not null)
        {
            writer.Member("comment", schema.Comment);
        }

        writer.Member("timeMillis", schema.TimeMillis);
        writer.EndObject();
        return writer.ToUtf8();
    }

    /// <summary>Reads a schema file.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <exception cref="PaimonException">
    /// Corrupt: not a schema. Unsupported: a newer layout or a type of a later release.
    /// </exception>
    public static TableSchema Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second one: a value of another kind than expected, or a text that is not Unicode.
            throw new CorruptDataException($"A schema file is not valid JSON: {e.Message}", innerException: e);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Invalid)
        {
            throw new CorruptDataException(e.Message, innerException: e);
        }
    }

    private static TableSchema Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            CorruptDataException.Throw("A schema file holds one JSON object.");
        }

        var version = (int)Number(json, "version", absent: 1);
        if (version > TableSchema.CurrentVersion)
        {
            PaimonException.ThrowUnsupported(
                $"Schema files of version {version} are not supported; the newest known is {TableSchema.CurrentVersion}.");
        }

        var options = ReadOptions(Require(json, "options"));
        if (version <= VersionWithoutBucket)
        {
            options.TryAdd("bucket", "1");
        }

        if (version <= VersionWithoutFormat)
        {
            options.TryAdd("file.format", "orc");
        }

        return new TableSchema(
            Number(json, "id", absent: null),
            DataTypeJson.ReadFields(Require(json, "fields")),
            checked((int)Number(json, "highestFieldId", absent: null)),
            ReadTexts(Require(json, "partitionKeys"), "partitionKeys"),
            ReadTexts(Require(json, "primaryKeys"), "primaryKeys"),
            options,
            json.TryGetProperty("comment", out var comment) ? comment.GetString() : null,
            Number(json, "timeMillis", absent: 0))
        {
            Version = version,
        };
    }

    private static Dictionary<string, string> ReadOptions(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            CorruptDataException.Throw("'options' of a schema is an object of texts.");
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in json.EnumerateObject())
        {
            options[option.Name] = option.Value.ValueKind == JsonValueKind.String
                ? option.Value.GetString()!
                : option.Value.GetRawText();
        }

        return options;
    }

    private static List<string> ReadTexts(JsonElement json, string member)
    {
        var texts = new List<string>();
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
            {
                texts.Add(item.ValueKind == JsonValueKind.String
                    ? item.GetString()!
                    : throw new CorruptDataException($"'{member}' of a schema is an array of names; found {item.ValueKind}."));
            }

            return texts;
        }

        throw new CorruptDataException($"'{member}' of a schema is an array of names; found {json.ValueKind}.");
    }

    private static JsonElement Require(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value)
            ? value
            : throw new CorruptDataException($"The schema has no '{member}'.");

    private static long Number(JsonElement json, string member, long? absent)
    {
        if (!json.TryGetProperty(member, out var value))
        {
            return absent ?? throw new CorruptDataException($"The schema has no '{member}'.");
        }

        var max = member is "id" or "timeMillis" ? long.MaxValue : int.MaxValue;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number <= max && number >= -1
            ? number
            : throw new CorruptDataException(
                string.Create(CultureInfo.InvariantCulture, $"'{member}' of a schema is a number; found {value.ValueKind}."));
    }
}
