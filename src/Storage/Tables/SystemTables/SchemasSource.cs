using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary><c>schemas</c>: all versions of the table's schema, parts of them as JSON.</summary>
internal sealed class SchemasSource(Table table) : MetadataSource(
    table,
    ("schema_id", Number),
    ("fields", Text),
    ("partition_keys", Text),
    ("primary_keys", Text),
    ("options", Text),
    ("comment", DataTypes.String),
    ("update_time", Time.NotNull()))
{
    private static readonly JsonWriterOptions Flat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    protected override async ValueTask AppendAsync(SystemRows rows, CancellationToken cancellationToken)
    {
        foreach (var id in await Store.Schemas.ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            var schema = await Store.Schemas.ReadAsync(id, cancellationToken).ConfigureAwait(false);
            using var json = JsonDocument.Parse(TableSchemaJson.Write(schema));
            rows.Add(
                schema.Id,
                Part(json.RootElement, "fields"),
                Part(json.RootElement, "partitionKeys"),
                Part(json.RootElement, "primaryKeys"),
                Part(json.RootElement, "options"),
                schema.Comment,
                rows.LocalTime(schema.TimeMillis));
        }
    }

    // The members of the schema's file without its line breaks.
    private static string Part(JsonElement schema, string member)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Flat))
        {
            schema.GetProperty(member).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
