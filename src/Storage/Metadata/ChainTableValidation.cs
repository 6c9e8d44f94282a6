using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;

namespace PaimonSharp.Storage.Metadata;

/// <summary>What Paimon asks of a table with option <c>chain-table.enabled</c>, whose partitions hold what changed in a period.</summary>
internal static class ChainTableValidation
{
    private const string Enabled = "chain-table.enabled";
    private const string KeysOption = "chain-table.chain-partition-keys";

    /// <summary>Checks the options.</summary>
    /// <exception cref="PaimonException">Invalid: the first thing that is wrong.</exception>
    public static void Check(TableSchema schema, TableOptions options)
    {
        if (!options.GetBoolean(Enabled, false))
        {
            return;
        }

        var missing =
            options.GetChoice("type") != "table" ? "'type' = 'table'"
            : schema.PrimaryKeys.Count == 0 ? "a primary key"
            : schema.PartitionKeys.Count == 0 ? "partition columns"
            : options.GetInt32("bucket", -1) < 1 ? "a number of buckets"
            : options.GetName("changelog-producer", "none") is not ("none" or "input") ? "changelog-producer none or input"
            : options.GetBoolean("deletion-vectors.enabled", false) ? "'deletion-vectors.enabled' = 'false'"
            : !options.Contains("partition.timestamp-pattern") ? "option 'partition.timestamp-pattern'"
            : !options.Contains("partition.timestamp-formatter") ? "option 'partition.timestamp-formatter'"
            : null;
        if (missing is not null)
        {
            PaimonException.ThrowInvalid($"Option '{Enabled}' needs {missing}.");
        }

        var keys = options.GetList(KeysOption);
        if ((keys.Count == 0 && options.Contains(KeysOption)) || !schema.PartitionKeys.TakeLast(keys.Count).SequenceEqual(keys))
        {
            PaimonException.ThrowInvalid(
                $"Option '{KeysOption}' is {string.Join(", ", keys)}; the last of the partition columns are expected, which are "
                + $"{string.Join(", ", schema.PartitionKeys)}.");
        }
    }
}
