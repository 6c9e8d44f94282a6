namespace PaimonSharp.Storage.Tests.Models;

/// <summary>Options that say how a table is laid out and when it is compacted, never what its rows are.</summary>
internal static class ModelTuning
{
    private static readonly (string Key, string[] Values)[] All =
    [
        ("num-sorted-run.compaction-trigger", ["2", "3", "4"]),
        ("num-levels", ["2", "3", "7"]),
        ("target-file-size", ["1 kb", "4 kb"]),
        ("write-buffer-size", ["1 kb", "4 kb"]),
        ("write-buffer-spillable", ["false"]),
        ("write-buffer-spill.max-disk-size", ["1 kb"]),
        ("write-buffer-spillable", ["false"]),
        ("write-buffer-spill.max-disk-size", ["1 kb"]),
        ("num-sorted-run.stop-trigger", ["3", "5"]),
        ("lookup-wait", ["false"]),
        ("compaction.size-ratio", ["0", "100"]),
        ("compaction.max-size-amplification-percent", ["20", "2000"]),
        ("compaction.small-file-ratio", ["0.1", "1"]),
        ("compaction.force-up-level-0", ["true"]),
        ("compaction.force-rewrite-all-files", ["true"]),
        ("compaction.total-size-threshold", ["1 kb", "10 kb"]),
        ("compaction.optimization-interval", ["1 ms", "1 h"]),
        ("lookup-compact", ["gentle"]),
        ("lookup-compact.max-interval", ["2", "5"]),
        ("lookup.cache-max-memory-size", ["4 kb"]),
        ("lookup.cache-max-disk-size", ["1 kb"]),
        ("lookup.cache.bloom.filter.enabled", ["false"]),
        ("file.format", ["avro", "parquet"]),
        ("file.format.per.level", ["0:avro", "0:avro,3:parquet", "5:avro"]),
        ("changelog-file.format", ["avro"]),
        ("file.compression", ["zstd", "snappy"]),
        ("metadata.stats-mode", ["none", "full", "counts"]),
        ("changelog-producer.row-deduplicate", ["true"]),
        ("deletion-vectors.bitmap64", ["true"]),
        ("sort-spill-threshold", ["1", "2", "3"]),
        ("sort-spill-buffer-size", ["1 b", "1 kb"]),
        ("spill-compression", ["zstd", "none"]),
        ("manifest.merge-min-count", ["2", "4"]),
        ("write-only", ["true"]),
    ];

    /// <summary>Some options.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="allowsAvro">False for columns that Avro files cannot hold.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Random(Random random, bool allowsAvro)
    {
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = random.Next(9); i > 0; i--)
        {
            var (key, values) = All[random.Next(All.Length)];
            var value = values[random.Next(values.Length)];
            if (allowsAvro || !value.Contains("avro", StringComparison.Ordinal))
            {
                chosen[key] = value;
            }
        }

        return [.. chosen];
    }
}
