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
        var highestFieldId = -1;
        foreach (var column in definition.Columns)
        {
            SchemaEvolution.CheckColumnName(column.Name);
            var id = ++highestFieldId;
            var type = SchemaEvolution.AssignIds(column.Type, ref highestFieldId);
            type = definition.PrimaryKeys.Contains(column.Name) ? type.NotNull() : type;
            if (column.DefaultValue is { } value)
            {
                DefaultValue.Parse(column.Name, type, value);
            }

            fields.Add(new DataField(id, column.Name, type, column.Comment, column.DefaultValue));
        }

        // With a primary key the default of Paimon's option is a dynamic bucket: a fixed one must be said in the schema. A key
        // without a partition column would be one in each partition in fixed buckets.
        var options = new Dictionary<string, string>(definition.Options, StringComparer.Ordinal);
        if (definition.PrimaryKeys.Count > 0)
        {
            options.TryAdd("bucket", definition.PartitionKeys.All(definition.PrimaryKeys.Contains) ? "1" : "-1");
        }

        var schema = new TableSchema(
            0, fields, highestFieldId, definition.PartitionKeys, definition.PrimaryKeys, options, definition.Comment, timeMillis);
        Check(schema);
        return schema;
    }

    private static void Check(TableSchema schema)
    {
        SchemaValidation.Check(schema);
        if (schema.PrimaryKeys.Count > 0 && schema.TrimmedPrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("The primary key must have a column that is not a partition column.");
        }

        foreach (var key in schema.BucketKeys)
        {
            if (schema.PartitionKeys.Contains(key) || (schema.PrimaryKeys.Count > 0 && !schema.PrimaryKeys.Contains(key)))
            {
                PaimonException.ThrowInvalid($"The bucket key '{key}' must be part of the primary key and no partition column.");
            }
        }

        var options = new TableOptions(schema.Options);
        var bytes = schema.PartitionType.Fields.FirstOrDefault(field => field.Type.Root is TypeRoot.Binary or TypeRoot.VarBinary);
        if (bytes is not null && options.GetBoolean("partition.legacy-name", true))
        {
            // Paimon makes such a table and cannot read it again: the folder's name holds the identity of an object.
            PaimonException.ThrowInvalid(
                $"The partition column {bytes} needs the option 'partition.legacy-name' = 'false', without which no name of a folder "
                + "can be made of its values.");
        }

        TableFeatures.CheckWritable(schema, options);
        if (schema.PrimaryKeys.Count > 0)
        {
            _ = new Lsm.KeyValueReadPlan(schema, options, []);
        }
    }
}
