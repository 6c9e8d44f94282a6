using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>The first schema of a table, checked as Paimon checks it.</summary>
internal static class SchemaFactory
{
    /// <summary>Makes the schema.</summary>
    /// <param name="definition">What was asked for.</param>
    /// <param name="timeMillis">Now, milliseconds since 1970.</param>
    /// <exception cref="PaimonException">Invalid or Unsupported: the definition is refused.</exception>
    public static TableSchema Create(TableDefinition definition, long timeMillis)
    {
        if (definition.Columns.Count == 0)
        {
            PaimonException.ThrowInvalid("A table needs at least one column.");
        }

        var fields = new List<DataField>(definition.Columns.Count);
        var highestFieldId = definition.Columns.Count - 1;
        foreach (var column in definition.Columns)
        {
            SchemaEvolution.CheckColumnName(column.Name);
            var type = SchemaEvolution.AssignIds(column.Type, ref highestFieldId);
            type = definition.PrimaryKeys.Contains(column.Name) ? type.NotNull() : type;
            fields.Add(new DataField(fields.Count, column.Name, type, column.Comment));
        }

        // The default of Paimon's option is a dynamic bucket: a fixed one must be said in the schema.
        var options = new Dictionary<string, string>(definition.Options, StringComparer.Ordinal);
        options.TryAdd("bucket", "1");
        var schema = new TableSchema(
            0, fields, highestFieldId, definition.PartitionKeys, definition.PrimaryKeys, options, definition.Comment, timeMillis);
        Check(schema);
        return schema;
    }

    private static void Check(TableSchema schema)
    {
        foreach (var partition in schema.PartitionKeys)
        {
            if (!schema.PrimaryKeys.Contains(partition))
            {
                PaimonException.ThrowInvalid(
                    $"The partition column '{partition}' must be part of the primary key ({string.Join(", ", schema.PrimaryKeys)}).");
            }
        }

        if (schema.PrimaryKeys.Count > 0 && schema.TrimmedPrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("The primary key must have a column that is not a partition column.");
        }

        foreach (var key in schema.PrimaryKeyType.Fields)
        {
            if (key.Type is ArrayType or MapType or MultisetType or RowType)
            {
                PaimonException.ThrowInvalid($"The column {key} cannot be part of the primary key: its type has no order.");
            }
        }

        foreach (var key in schema.BucketKeys)
        {
            if (!schema.TrimmedPrimaryKeys.Contains(key))
            {
                PaimonException.ThrowInvalid($"The bucket key '{key}' must be part of the primary key and no partition column.");
            }
        }

        TableFeatures.CheckWritable(schema, new TableOptions(schema.Options));
        _ = new Lsm.KeyValueReadPlan(schema, new TableOptions(schema.Options), []);
    }
}
