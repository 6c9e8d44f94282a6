using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Merge;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Which options of merge engines, sequences, changelog producers and deletion vectors go together, as Paimon has it.</summary>
internal static class MergeValidation
{
    /// <summary>Checks the options.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema, TableOptions options)
    {
        var engine = options.GetChoice("merge-engine");
        var producer = options.GetChoice("changelog-producer");
        var isFirstRow = engine == "first-row";
        CheckSequenceFields(schema, options, isFirstRow);
        if (engine == "partial-update" && schema.PrimaryKeys.Count > 0)
        {
            PartialUpdateValidation.Check(schema, options);
        }

        if (engine is "partial-update" or "aggregation" && schema.PrimaryKeys.Count > 0)
        {
            CheckAggregates(schema, options);
        }

        CheckProducer(schema, options, producer);
        if (isFirstRow && producer is not ("none" or "lookup"))
        {
            PaimonException.ThrowInvalid($"changelog-producer '{producer}' cannot be used with merge-engine 'first-row'; none and lookup can.");
        }

        if (options.GetString("rowkind.field") is { } kind)
        {
            SchemaValidation.CheckColumn(schema, "rowkind.field", kind);
        }

        CheckDeletionVectors(options, producer, isFirstRow);
        CheckClusteringOverride(options, engine, producer);
        if (IsTrue(options, "table-read.sequence-number.enabled") && schema.PrimaryKeys.Count == 0)
        {
            PaimonException.ThrowInvalid(
                "Option 'table-read.sequence-number.enabled' cannot be true for a table without a primary key: its rows have no numbers.");
        }
    }

    private static void CheckSequenceFields(TableSchema schema, TableOptions options, bool isFirstRow)
    {
        const string Key = "sequence.field";
        var fields = options.GetList(Key);
        if (fields.Count == 0)
        {
            return;
        }

        foreach (var field in fields)
        {
            SchemaValidation.CheckColumn(schema, Key, field);
            if (options.Contains($"fields.{field}.aggregate-function"))
            {
                PaimonException.ThrowInvalid(
                    $"The column '{field}' is a sequence field and cannot have 'fields.{field}.aggregate-function' too.");
            }
        }

        if (fields.Distinct(StringComparer.Ordinal).Count() < fields.Count)
        {
            PaimonException.ThrowInvalid($"Option '{Key}' names a column twice: {string.Join(", ", fields)}.");
        }

        if (isFirstRow)
        {
            PaimonException.ThrowInvalid($"Option '{Key}' cannot be used with merge-engine 'first-row', which keeps the row that came first.");
        }

        if (schema.PrimaryKeys.Count > 0 && !schema.PartitionKeys.All(schema.PrimaryKeys.Contains))
        {
            PaimonException.ThrowInvalid($"Option '{Key}' cannot be used where the primary key lacks a partition column.");
        }
    }

    // Names only, of key columns too, as in Paimon; whether a function takes a column's type, see AggregateTypes.
    private static void CheckAggregates(TableSchema schema, TableOptions options)
    {
        foreach (var field in schema.Fields)
        {
            if (ColumnAggregate.NameOf(field.Name, options) is { } name)
            {
                _ = AggregatorRegistry.Get(name, field.Name);
            }
        }
    }

    private static void CheckProducer(TableSchema schema, TableOptions options, string producer)
    {
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
    }

    private static void CheckDeletionVectors(TableOptions options, string producer, bool isFirstRow)
    {
        if (!IsTrue(options, "deletion-vectors.enabled"))
        {
            return;
        }

        if (producer == "full-compaction")
        {
            PaimonException.ThrowInvalid(
                "deletion-vectors.enabled cannot be true with changelog-producer 'full-compaction'; none, input and lookup can be used.");
        }

        if (isFirstRow && !IsTrue(options, "pk-clustering-override"))
        {
            PaimonException.ThrowInvalid(
                "deletion-vectors.enabled cannot be true with merge-engine 'first-row', which never deletes a row that is there.");
        }
    }

    private static void CheckClusteringOverride(TableOptions options, string engine, string producer)
    {
        const string Key = "pk-clustering-override";
        if (!IsTrue(options, Key))
        {
            return;
        }

        var conflict =
            options.GetList("clustering.columns").Count == 0
                ? "needs option 'clustering.columns'"
            : !IsTrue(options, "deletion-vectors.enabled") ? "needs 'deletion-vectors.enabled' = 'true'"
            : options.Contains("record-level.expire-time") ? "cannot be used with 'record-level.expire-time'"
            : engine is not ("deduplicate" or "first-row") ? $"cannot be used with merge-engine '{engine}'"
            : options.GetList("sequence.field").Count > 0 ? "cannot be used with 'sequence.field'"
            : producer is not ("none" or "input") ? $"cannot be used with changelog-producer '{producer}'"
            : null;
        if (conflict is not null)
        {
            PaimonException.ThrowInvalid($"Option '{Key}' {conflict}.");
        }
    }

    private static bool IsTrue(TableOptions options, string key) => options.GetBoolean(key, false);
}
