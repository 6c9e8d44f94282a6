using System.Buffers;
using System.Text;
using System.Text.Json;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>
/// The source table's shape as it is kept beside the position (docs/cdc.md#exactly-once): row images of the binlog can only
/// be read with the columns of their time, which the server does not remember.
/// </summary>
internal static class SourceTableJson
{
    public static string Write(SourceTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("database", table.Database);
            writer.WriteString("name", table.Name);
            writer.WriteString("charset", table.DefaultCharacterSet);
            writer.WriteStartArray("key");
            foreach (var column in table.PrimaryKey)
            {
                writer.WriteStringValue(column);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("columns");
            foreach (var column in table.Columns)
            {
                WriteColumn(writer, column);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static SourceTable Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new SourceTable(
                Text(root, "database"),
                Text(root, "name"),
                [.. root.GetProperty("columns").EnumerateArray().Select(ReadColumn)],
                [.. root.GetProperty("key").EnumerateArray().Select(element => element.GetString()!)])
            {
                DefaultCharacterSet = Text(root, "charset"),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorruptDataException($"The source columns kept in the snapshot cannot be read: {e.Message}", null, -1, e);
        }
    }

    private static void WriteColumn(Utf8JsonWriter writer, MySqlColumn column)
    {
        var type = column.Type;
        writer.WriteStartObject();
        writer.WriteString("name", column.Name);
        writer.WriteString("type", type.Kind.ToString());
        writer.WriteBoolean("nullable", column.IsNullable);
        writer.WriteNumber("collation", type.CollationId);
        if (type.IsUnsigned)
        {
            writer.WriteBoolean("unsigned", true);
        }

        WriteNumber(writer, "length", type.Length);
        WriteNumber(writer, "precision", type.Precision);
        WriteNumber(writer, "scale", type.Scale);
        if (type.Labels.Count > 0)
        {
            writer.WriteStartArray("labels");
            foreach (var label in type.Labels)
            {
                writer.WriteStringValue(label);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static MySqlColumn ReadColumn(JsonElement element)
    {
        var type = Text(element, "type");
        if (!Enum.TryParse<MySqlTypeKind>(type, out var kind))
        {
            throw new FormatException($"there is no column type '{type}'");
        }

        return new MySqlColumn(
            Text(element, "name"),
            new MySqlColumnType(kind)
            {
                IsUnsigned = element.TryGetProperty("unsigned", out var unsigned) && unsigned.GetBoolean(),
                CollationId = element.GetProperty("collation").GetInt32(),
                Length = Number(element, "length"),
                Precision = Number(element, "precision"),
                Scale = Number(element, "scale"),
                Labels = element.TryGetProperty("labels", out var labels)
                    ? [.. labels.EnumerateArray().Select(label => label.GetString()!)]
                    : [],
            },
            element.GetProperty("nullable").GetBoolean());
    }

    private static int Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetInt32() : 0;

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");
}
