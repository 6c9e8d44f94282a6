using System.Text.Json.Nodes;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.CaseRunner;

/// <summary>The schemas of a table as their files hold them, without the time of the run.</summary>
internal static class SchemaRecorder
{
    public static async Task<JsonArray> RecordAsync(Table table)
    {
        var schemas = new JsonArray();
        foreach (var id in await table.Store.Schemas.ListIdsAsync())
        {
            var schema = JsonNode.Parse(TableSchemaJson.Write(await table.Store.Schemas.ReadAsync(id)))!.AsObject();
            schema.Remove("timeMillis");
            schemas.Add(schema);
        }

        return schemas;
    }
}
