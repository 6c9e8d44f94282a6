using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Avro;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What Paimon asks of every schema that is written, new or changed (docs/options.md). Not what this release can read or write.
/// </summary>
internal static class SchemaValidation
{
    private const string DefaultAggregate = "default-aggregate-function";
    private const int DynamicBuckets = -1;
    private const int PostponedBuckets = -2;

    /// <summary>Checks a schema.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema)
    {
        var options = new TableOptions(schema.Options);
        CheckKeys(schema);
        CheckKeyTypes(schema.PrimaryKeyType.Fields, "primary key");
        CheckKeyTypes(schema.PartitionType.Fields, "partition");
        CheckUpsertKey(schema, options);
        CheckBucket(schema, options);
        StartupKeys.CheckedMode(options);
        CheckFieldOptions(schema, options);
        MergeValidation.Check(schema, options);
        CheckRetained(options);
        CheckFormat(schema, options);
        CheckExpiry(schema, options);
        AppendValidation.Check(schema, options);
        ChainTableValidation.Check(schema, options);
        foreach (var field in schema.Fields)
        {
            SchemaEvolution.CheckColumnName(field.Name);
        }
    }

    /// <summary>Checks that a column is there that an option names.</summary>
    /// <exception cref="PaimonException">Invalid: it is not.</exception>
    public static DataField CheckColumn(TableSchema schema, string option, string column)
    {
        var index = schema.RowType.IndexOf(column);
        return index >= 0
            ? schema.Fields[index]
            : throw new PaimonException(
                ErrorKind.Invalid,
                $"Option '{option}' names the column '{column}', which the table does not have; its columns are "
                + $"{string.Join(", ", schema.Fields.Select(field => field.Name))}.");
    }

    /// <summary>Checks that a column is there that an option names, and may hold the time of a row.</summary>
    /// <exception cref="PaimonException">Invalid: it is not there, or has another type.</exception>
    public static DataField CheckTimeField(TableSchema schema, string option, string column)
    {
        var field = CheckColumn(schema, option, column);
        return field.Type.Root is TypeRoot.Int or TypeRoot.BigInt or TypeRoot.Timestamp or TypeRoot.TimestampLtz
            ? field
            : throw new PaimonException(
                ErrorKind.Invalid, $"Option '{option}' names a column of {field.Type}; INT, BIGINT or TIMESTAMP is expected.");
    }

    private static void CheckKeys(TableSchema schema)
    {
        if (schema.PrimaryKeys.Count > 0 && schema.TrimmedPrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("The primary key must have a column that is not a partition column.");
        }

        foreach (var key in schema.BucketKeys)
        {
            if (schema.PartitionKeys.Contains(key) || (schema.PrimaryKeys.Count > 0 && !schema.PrimaryKeys.Contains(key)))
            {
                PaimonException.ThrowInvalid($"The bucket key '{key}' must be part of the primary key, if there is one, and no partition column.");
            }
        }
    }

    private static void CheckKeyTypes(IEnumerable<DataField> keys, string role)
    {
        foreach (var key in keys)
        {
            if (key.Type is ArrayType or MapType or MultisetType or RowType)
            {
                PaimonException.ThrowInvalid($"The column {key} cannot be part of the {role}: its type has no order.");
            }
        }
    }

    private static void CheckUpsertKey(TableSchema schema, TableOptions options)
    {
        const string Key = "upsert-key";
        var columns = options.GetList(Key);
        CheckKeyTypes(columns.Select(column => CheckColumn(schema, Key, column)), "upsert key");
        if (columns.Count > 0 && schema.PrimaryKeys.Count > 0)
        {
            PaimonException.ThrowInvalid($"Option '{Key}' is for tables without a primary key; this one has {Names(schema.PrimaryKeys)}.");
        }
    }

    private static void CheckBucket(TableSchema schema, TableOptions options)
    {
        var bucket = options.GetInt32("bucket", DynamicBuckets);
        if (bucket == DynamicBuckets)
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
        else if (bucket < 1 && (bucket != PostponedBuckets || schema.PrimaryKeys.Count == 0))
        {
            PaimonException.ThrowInvalid(
                $"Option 'bucket' is {bucket}; a number of buckets above 0 is expected, -1 for dynamic buckets, or -2 for those of a "
                + "table with a primary key that a compaction chooses later.");
        }
        else if (schema.BucketKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("A table with buckets and without a primary key needs option 'bucket-key'.");
        }
        else
        {
            CheckKeyTypes(schema.BucketKeyType.Fields, "bucket key");
        }
    }

    private static void CheckFieldOptions(TableSchema schema, TableOptions options)
    {
        foreach (var (key, _) in options.WithPrefix("fields."))
        {
            var columns = key["fields.".Length..].Split('.')[0];
            foreach (var column in columns.Split(','))
            {
                if (column != DefaultAggregate)
                {
                    CheckColumn(schema, key, column);
                }
            }
        }
    }

    private static void CheckRetained(TableOptions options)
    {
        var min = options.GetInt32("snapshot.num-retained.min", new SnapshotRetention().MinSnapshots);
        var max = options.GetInt32("snapshot.num-retained.max", int.MaxValue);
        CheckRange("snapshot", min, max);
        CheckRange(
            "changelog", options.GetInt32("changelog.num-retained.min", min), options.GetInt32("changelog.num-retained.max", max));

        static void CheckRange(string what, int min, int max)
        {
            if (min < 1 || min > max)
            {
                PaimonException.ThrowInvalid(
                    $"Option '{what}.num-retained.min' is {min} and '{what}.num-retained.max' is {max}, given or by default; at least 1 "
                    + "is expected, and not more at least than at most.");
            }
        }
    }

    private static void CheckFormat(TableSchema schema, TableOptions options)
    {
        var format = options.GetString("file.format", "parquet").ToLowerInvariant();
        switch (format)
        {
            case "parquet" or "orc" or "lance" or "csv" or "json" or "text" or "blob":
                // Parquet takes all that a table can have; the others are not written here.
                return;
            case "avro":
                try
                {
                    AvroSchemaText.Of(schema.RowType);
                }
                catch (PaimonException e) when (e.Kind == ErrorKind.Unsupported)
                {
                    throw new PaimonException(ErrorKind.Invalid, e.Message, e);
                }

                return;
            default:
                throw TableOptions.Error("file.format", format, "parquet or avro");
        }
    }

    private static void CheckExpiry(TableSchema schema, TableOptions options)
    {
        const string TimeField = "record-level.time-field";
        if (options.Contains("partition.expiration-time") && schema.PartitionKeys.Count == 0)
        {
            PaimonException.ThrowInvalid("Option 'partition.expiration-time' needs a partitioned table.");
        }

        if (options.GetString(TimeField) is { } column)
        {
            CheckTimeField(schema, TimeField, column);
        }
    }

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns);
}
