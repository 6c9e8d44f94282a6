using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Metadata;

/// <summary>The options of tables without primary key, and of columns that have files of their own.</summary>
internal static class AppendValidation
{
    private const string RowTracking = "row-tracking.enabled";
    private const string DataEvolution = "data-evolution.enabled";
    private const string Clustering = "clustering.incremental";
    private const string Vectors = "deletion-vectors.enabled";

    /// <summary>Checks the options.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema, TableOptions options)
    {
        CheckRowTracking(schema, options);
        CheckClustering(schema, options);
        CheckBlobs(schema, options);
        if (options.Contains("vector.file.format") && !IsTrue(options, DataEvolution))
        {
            PaimonException.ThrowInvalid($"Option 'vector.file.format' needs '{DataEvolution}' = 'true'.");
        }

        foreach (var column in options.GetList("vector-field"))
        {
            CheckType(schema, "vector-field", column, TypeRoot.Vector);
        }
    }

    private static void CheckRowTracking(TableSchema schema, TableOptions options)
    {
        var isTracked = IsTrue(options, RowTracking);
        if (isTracked && (schema.PrimaryKeys.Count > 0 || options.GetInt32("bucket", -1) != -1))
        {
            PaimonException.ThrowInvalid($"Option '{RowTracking}' needs a table without a primary key and with bucket = -1.");
        }

        if (!IsTrue(options, DataEvolution))
        {
            return;
        }

        if (!isTracked)
        {
            PaimonException.ThrowInvalid($"Option '{DataEvolution}' needs '{RowTracking}' = 'true'.");
        }

        foreach (var key in new[] { Vectors, Clustering })
        {
            if (IsTrue(options, key))
            {
                PaimonException.ThrowInvalid($"Option '{DataEvolution}' cannot be used with option '{key}'.");
            }
        }
    }

    private static void CheckClustering(TableSchema schema, TableOptions options)
    {
        if (!IsTrue(options, Clustering))
        {
            return;
        }

        if (schema.PrimaryKeys.Count > 0)
        {
            PaimonException.ThrowInvalid($"Option '{Clustering}' is for tables without a primary key.");
        }

        if (options.GetInt32("bucket", -1) != -1 && (options.GetBoolean("bucket-append-ordered", true) || IsTrue(options, Vectors)))
        {
            PaimonException.ThrowInvalid(
                $"Option '{Clustering}' needs bucket = -1, or else 'bucket-append-ordered' = 'false' and no deletion vectors.");
        }
    }

    private static void CheckBlobs(TableSchema schema, TableOptions options)
    {
        var blobs = schema.Fields.Where(field => field.Type.Root == TypeRoot.Blob).ToList();
        if (blobs.Count > 0 && (!IsTrue(options, DataEvolution) || blobs.Count == schema.Fields.Count))
        {
            PaimonException.ThrowInvalid($"A BLOB column, {blobs[0]}, needs other columns beside it and '{DataEvolution}' = 'true'.");
        }

        if (blobs.FirstOrDefault(blob => schema.PartitionKeys.Contains(blob.Name)) is { } partition)
        {
            PaimonException.ThrowInvalid($"The column {partition} cannot be part of the partition.");
        }

        CheckBlobOptions(schema, options);
    }

    private static void CheckBlobOptions(TableSchema schema, TableOptions options)
    {
        const string Path = "blob-external-storage-path";
        const string External = "blob-external-storage-field";
        const string Descriptors = "blob-descriptor-field";
        var descriptors = options.GetList(Descriptors);
        foreach (var column in descriptors)
        {
            CheckType(schema, Descriptors, column, TypeRoot.Blob);
        }

        var external = options.GetList(External);
        foreach (var column in external)
        {
            CheckType(schema, External, column, TypeRoot.Blob);
            if (!descriptors.Contains(column))
            {
                PaimonException.ThrowInvalid($"Option '{External}' names the column '{column}', which '{Descriptors}' does not.");
            }
        }

        if (external.Count > 0 && string.IsNullOrEmpty(options.GetString(Path)))
        {
            PaimonException.ThrowInvalid($"Option '{External}' needs option '{Path}'.");
        }
    }

    private static void CheckType(TableSchema schema, string option, string column, TypeRoot root)
    {
        var type = SchemaValidation.CheckColumn(schema, option, column).Type;
        if (type.Root != root)
        {
            PaimonException.ThrowInvalid(
                $"Option '{option}' names the column '{column}' of {type}; {root.ToString().ToUpperInvariant()} is expected.");
        }
    }

    private static bool IsTrue(TableOptions options, string key) => options.GetBoolean(key, false);
}
