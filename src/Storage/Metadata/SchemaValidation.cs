using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What Paimon asks of every schema that is written, new or changed. Not what this release can read or write.</summary>
internal static class SchemaValidation
{
    private const string DefaultAggregate = "default-aggregate-function";

    /// <summary>Checks a schema.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema)
    {
        var options = new TableOptions(schema.Options);
        CheckKeyTypes(schema.PrimaryKeyType, "primary key");
        CheckKeyTypes(schema.PartitionType, "partition");
        CheckBucket(schema, options);
        CheckFieldOptions(schema, options);
        CheckSequenceFields(schema, options);
        CheckProducer(schema, options);
        CheckRetained(options, "snapshot.num-retained.min", "snapshot.num-retained.max");
        CheckRetained(options, "changelog.num-retained.min", "changelog.num-retained.max");
        CheckNamedColumns(schema, options);
        CheckFormat(schema, options);
        foreach (var field in schema.Fields)
        {
            SchemaEvolution.CheckColumnName(field.Name);
        }
    }

    private static void CheckKeyTypes(RowType keys, string role)
    {
        foreach (var key in keys.Fields)
        {
            if (key.Type is ArrayType or MapType or MultisetType or RowType)
            {
                PaimonException.ThrowInvalid($"The column {key} cannot be part of the {role}: its type has no order.");
            }
        }
    }

    private static void CheckBucket(TableSchema schema, TableOptions options)
    {
        const int Dynamic = -1;
        const int Postpone = -2;
        var bucket = options.GetInt32("bucket", Dynamic);
        if (bucket == Dynamic)
        {
            if (options.Contains("bucket-key"))
            {
                PaimonException.ThrowInvalid("A table with bucket = -1 has no buckets: remove 'bucket-key', or set a number of buckets.");
            }

            if (schema.PrimaryKeys.Count == 0 && options.Contains("full-compaction.delta-commits"))
            {
                PaimonException.ThrowInvalid(
                    "A table without a primary key and with bucket = -1 does not take option 'full-compaction.delta-commits'.");
            }
        }
        else if (bucket < 1 && (bucket != Postpone || schema.PrimaryKeys.Count == 0))
        {
            PaimonException.ThrowInvalid($"Option 'bucket' is {bucket}; a number of buckets above 0 is expected.");
        }
        else if (schema.BucketKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("A table with buckets and without a primary key needs option 'bucket-key'.");
        }
        else
        {
            CheckKeyTypes(schema.BucketKeyType, "bucket key");
        }
    }

    private static void CheckFieldOptions(TableSchema schema, TableOptions options)
    {
        foreach (var (key, _) in options.WithPrefix("fields."))
        {
            var name = key.StartsWith("fields.", StringComparison.Ordinal) ? key["fields.".Length..] : key;
            foreach (var field in name.Split('.')[0].Split(','))
            {
                if (field != DefaultAggregate && schema.RowType.IndexOf(field) < 0)
                {
                    PaimonException.ThrowInvalid($"Option 'fields.{name}' names the column '{field}', which the table does not have.");
                }
            }
        }
    }

    private static void CheckSequenceFields(TableSchema schema, TableOptions options)
    {
        var fields = options.GetList("sequence.field");
        foreach (var field in fields)
        {
            CheckColumn(schema, "sequence.field", field);
            if (options.Contains($"fields.{field}.aggregate-function"))
            {
                PaimonException.ThrowInvalid($"The sequence field '{field}' cannot have an aggregate function.");
            }
        }

        if (fields.Distinct(StringComparer.Ordinal).Count() < fields.Count)
        {
            PaimonException.ThrowInvalid($"Option 'sequence.field' names a column twice: {string.Join(", ", fields)}.");
        }

        if (fields.Count > 0 && IsFirstRow(options))
        {
            PaimonException.ThrowInvalid("Option 'sequence.field' cannot be used with merge-engine 'first-row'.");
        }

        if (fields.Count > 0 && schema.PrimaryKeys.Count > 0 && !schema.PartitionKeys.All(schema.PrimaryKeys.Contains))
        {
            PaimonException.ThrowInvalid("Option 'sequence.field' cannot be used where the primary key lacks a partition column.");
        }
    }

    private static void CheckProducer(TableSchema schema, TableOptions options)
    {
        var producer = options.GetString("changelog-producer", "none");
        if (schema.PrimaryKeys.Count == 0 && producer != "none")
        {
            PaimonException.ThrowInvalid($"changelog-producer '{producer}' needs a primary key.");
        }

        var isOverwriteRead = IsTrue(options, "streaming-read-overwrite");
        if (isOverwriteRead && (schema.PrimaryKeys.Count == 0 || producer is "full-compaction" or "lookup"))
        {
            PaimonException.ThrowInvalid(
                "Option 'streaming-read-overwrite' cannot be true without a primary key or with changelog-producer full-compaction or lookup.");
        }

        if (IsFirstRow(options) && producer is not ("none" or "lookup"))
        {
            PaimonException.ThrowInvalid($"changelog-producer '{producer}' cannot be used with merge-engine 'first-row'; none and lookup can.");
        }

        if (IsTrue(options, "deletion-vectors.enabled") && (producer is not ("none" or "input" or "lookup") || IsFirstRow(options)))
        {
            PaimonException.ThrowInvalid(
                "Deletion vectors can be used with changelog-producer none, input and lookup, and not with merge-engine 'first-row'.");
        }
    }

    private static void CheckRetained(TableOptions options, string minKey, string maxKey)
    {
        if (options.GetInt32(minKey) is { } min && (min < 1 || (options.GetInt32(maxKey) is { } max && min > max)))
        {
            PaimonException.ThrowInvalid($"Option '{minKey}' is {min}; at least 1 is expected, and not more than '{maxKey}'.");
        }
    }

    private static void CheckNamedColumns(TableSchema schema, TableOptions options)
    {
        if (options.Contains("partition.expiration-time") && schema.PartitionKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("Option 'partition.expiration-time' needs a partitioned table.");
        }

        if (options.GetString("rowkind.field") is { } kind)
        {
            CheckColumn(schema, "rowkind.field", kind);
        }

        if (options.GetString("record-level.time-field") is { } time)
        {
            CheckColumn(schema, "record-level.time-field", time);
            var type = schema.Fields[schema.RowType.IndexOf(time)].Type;
            if (type.Root is not (TypeRoot.Int or TypeRoot.BigInt or TypeRoot.Timestamp or TypeRoot.TimestampLtz))
            {
                PaimonException.ThrowInvalid($"Option 'record-level.time-field' names a column of {type}; INT, BIGINT or TIMESTAMP is expected.");
            }
        }
    }

    // Of Avro not every type can be written; Parquet takes all that a table can have.
    private static void CheckFormat(TableSchema schema, TableOptions options)
    {
        if (!string.Equals(options.GetString("file.format"), "avro", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        try
        {
            AvroSchemaText.Of(schema.RowType);
        }
        catch (PaimonException e) when (e.Kind == ErrorKind.Unsupported)
        {
            throw new PaimonException(ErrorKind.Invalid, e.Message, e);
        }
    }

    private static void CheckColumn(TableSchema schema, string option, string column)
    {
        if (schema.RowType.IndexOf(column) < 0)
        {
            PaimonException.ThrowInvalid($"Option '{option}' names the column '{column}', which the table does not have.");
        }
    }

    private static bool IsFirstRow(TableOptions options) => options.GetString("merge-engine") == "first-row";

    private static bool IsTrue(TableOptions options, string key) => options.GetBoolean(key, false);
}
