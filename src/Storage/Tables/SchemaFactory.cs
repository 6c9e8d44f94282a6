using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Formats.Avro;
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

        var options = new Dictionary<string, string>(definition.Options, StringComparer.Ordinal);
        var primaryKeys = SchemaOptions.TakeKeys(options, "primary-key", definition.PrimaryKeys);
        var partitionKeys = SchemaOptions.TakeKeys(options, "partition", definition.PartitionKeys);
        var fields = new List<DataField>(definition.Columns.Count);
        var highestFieldId = -1;
        foreach (var column in definition.Columns)
        {
            SchemaEvolution.CheckColumnName(column.Name);
            var id = ++highestFieldId;
            var type = SchemaEvolution.AssignIds(column.Type, ref highestFieldId);
            type = primaryKeys.Contains(column.Name) ? type.NotNull() : type;
            if (column.DefaultValue is { } value)
            {
                DefaultValue.Parse(column.Name, type, value);
            }

            fields.Add(new DataField(id, column.Name, type, column.Comment, column.DefaultValue));
        }

        // With a primary key the default of Paimon's option is a dynamic bucket: a fixed one must be said in the schema. A key
        // without a partition column would be one in each partition in fixed buckets.
        if (primaryKeys.Count > 0)
        {
            options.TryAdd("bucket", partitionKeys.All(primaryKeys.Contains) ? "1" : "-1");
        }

        var schema = new TableSchema(0, fields, highestFieldId, partitionKeys, primaryKeys, options, definition.Comment, timeMillis);
        Check(schema);
        return schema;
    }

    /// <summary>Refuses a schema that Paimon lets be made, although nobody could write rows to the table.</summary>
    /// <exception cref="PaimonException">Invalid: an option's value means nothing, or an aggregator does not take its column.</exception>
    public static void CheckUsable(TableSchema schema)
    {
        foreach (var (key, value) in schema.Options)
        {
            KnownOptions.CheckValue(key, value);
        }

        var options = new TableOptions(schema.Options);
        if (AggregateTypes.Refusals(schema, options) is [var refusal, ..])
        {
            throw refusal;
        }

        if (BucketModes.Of(schema, options) is BucketMode.Fixed or BucketMode.Postponed)
        {
            _ = BucketFunction.Create(options.GetEnum("bucket-function.type", BucketFunctionType.Default), schema.BucketKeyType);
        }

        new Lsm.DataFileFormatOptions(schema, options, Lsm.MemoryBudget.Of(options)).Check();
        _ = AvroCodec.OfOption(options.GetString("manifest.compression", "zstd"));
        _ = Spill.SpillOptions.Of(options);
        _ = Lookup.LookupOptions.Of(options);
        _ = TagPeriod.From(options);
        _ = TagAutoCreation.ZoneOf(options, "sink.process-time-zone");
        _ = TagAutoCreation.ZoneOf(options, "sink.watermark-time-zone");
        if (schema.PrimaryKeys.Count > 0 && CompactStrategies.LevelCount(options) is < 2 and var levels && !options.GetBoolean("write-only", false))
        {
            throw TableOptions.Error("num-levels", $"{levels}", "2 or more, as compactions leave nothing at level 0");
        }
    }

    // What Paimon's catalog asks for, before there is a schema.
    private static void CheckCatalogOptions(TableOptions options)
    {
        if (options.GetChoice("type") is not ("table" or "materialized-table") and var type)
        {
            PaimonException.ThrowUnsupported($"Tables with option 'type' = '{type}' are not supported; table is.");
        }

        if (options.Contains("path"))
        {
            PaimonException.ThrowInvalid("Option 'path' cannot be given: a table's directory is that of its name in the warehouse.");
        }

        if (options.GetBoolean("auto-create", false))
        {
            PaimonException.ThrowInvalid("Option 'auto-create' cannot be true in a table's schema.");
        }
    }

    private static void Check(TableSchema schema)
    {
        SchemaValidation.Check(schema);
        var options = new TableOptions(schema.Options);
        CheckCatalogOptions(options);
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
