using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Refuses by name what this release cannot do right, before a row is read or written: a wrong row is worse than none.
/// </summary>
internal static class TableFeatures
{
    // Compactions here would spoil the files of the last two: one sorts them by other columns, one keeps deletes for its other branches.
    private static readonly string[] ReadOnly =
    [
        "row-tracking.enabled", "data-evolution.enabled", "clustering.incremental", "pk-clustering-override", "chain-table.enabled",
    ];

    /// <summary>The most buckets of a partition: of each that a batch goes to, a writer notes where its rows are.</summary>
    private const int MaxBuckets = 1 << 20;

    /// <summary>Checks that a table can be read.</summary>
    public static void CheckReadable(TableSchema schema, TableOptions options)
    {
        if (schema.PrimaryKeys.Count > 0)
        {
            _ = MergeEngine.Create(schema, options);
        }

        foreach (var field in schema.Fields)
        {
            if (field.Type.Root is TypeRoot.Variant or TypeRoot.Blob or TypeRoot.Vector)
            {
                PaimonException.ThrowUnsupported($"Column {field}: the type {field.Type.Root} is not supported.");
            }
        }
    }

    /// <summary>Checks that a table can be written.</summary>
    public static void CheckWritable(TableSchema schema, TableOptions options)
    {
        SchemaOptions.CheckWritten(new TableOptions(schema.Options), options);
        CheckReadable(schema, options);
        _ = DynamicBucketOptions.From(options);
        SnapshotRetention.From(options).Validate();
        if (options.GetInt32("bucket", -1) is > MaxBuckets and var buckets)
        {
            PaimonException.ThrowUnsupported($"Option 'bucket' is {buckets}; at most {MaxBuckets} buckets are supported.");
        }

        _ = new Lsm.DataFileFormatOptions(schema, options, Lsm.MemoryBudget.Of(options));
        _ = Formats.FileIndexes.FileIndexOptions.From(schema.RowType, options);
        foreach (var key in ReadOnly)
        {
            if (options.GetBoolean(key, false))
            {
                PaimonException.ThrowUnsupported($"Writing to a table with option '{key}' = 'true' is not supported.");
            }
        }

        if (options.GetName("data-file.external-paths.strategy", "none") is not "none" and var strategy)
        {
            PaimonException.ThrowUnsupported(
                $"Writing with data-file.external-paths.strategy '{strategy}' is not supported; none is.");
        }

        _ = PartitionRetention.From(options);
        _ = Lsm.RecordExpiry.Create(schema, options, TimeProvider.System);
    }
}
