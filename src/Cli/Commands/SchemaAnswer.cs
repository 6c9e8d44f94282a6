using System.Text;
using System.Text.Json;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Commands;

/// <summary>How commands that make or change a schema show it.</summary>
internal static class SchemaAnswer
{
    /// <summary>For people: a line, then the columns.</summary>
    public static void WriteText(Stream output, string line, TableSchema schema)
    {
        output.Write(Encoding.UTF8.GetBytes(line + "\n"));
        var columns = new AlignedText("id", "column", "type", "default", "comment");
        foreach (var field in schema.Fields)
        {
            columns.Add(field.Id.ToString(), field.Name, field.Type.ToString(), field.DefaultValue ?? "", field.Description ?? "");
        }

        columns.WriteTo(output);
    }

    /// <summary>For programs: one line with the whole schema.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="warnings">What is odd about the options that were given.</param>
    /// <param name="created">Whether the table was made; null where that is not the question.</param>
    public static void WriteJson(
        Stream output, Table table, TableSchema schema, IEnumerable<string> warnings, bool? created = null)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("table", table.Name);
            writer.WriteString("path", table.Path);
            if (created is { } isNew)
            {
                writer.WriteBoolean("created", isNew);
            }

            writer.WriteNumber("schemaId", schema.Id);
            writer.WriteStartArray("columns");
            foreach (var field in schema.Fields)
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", field.Id);
                writer.WriteString("name", field.Name);
                writer.WriteString("type", field.Type.ToString());
                writer.WriteString("default", field.DefaultValue);
                writer.WriteString("comment", field.Description);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            JsonParts.WriteStrings(writer, "primaryKeys", schema.PrimaryKeys);
            JsonParts.WriteStrings(writer, "partitionKeys", schema.PartitionKeys);
            JsonParts.WriteMap(writer, "options", schema.Options);
            writer.WriteString("comment", schema.Comment);
            JsonParts.WriteStrings(writer, "warnings", warnings);
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
