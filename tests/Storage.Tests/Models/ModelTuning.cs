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
        ("data-file.thin-mode", ["true"]),
        ("data-file.path-directory", ["data"]),
        ("index-file-in-data-file-dir", ["true"]),
        ("file.compression.per.level", ["0:snappy,1:zstd", "5:snappy"]),
        ("parquet.page.size", ["64 b", "1 kb"]),
        ("parquet.block.size", ["1 kb"]),
        ("parquet.enable.dictionary", ["false"]),
        ("metadata.stats-mode.per.level", ["0:none", "0:none,1:full"]),
        ("metadata.stats-dense-store", ["false"]),
        ("metadata.stats-keep-first-n-columns", ["1", "3"]),
        ("manifest.target-file-size", ["1 kb"]),
        ("manifest.full-compaction-threshold-size", ["1 b", "2 kb"]),
        ("source.split.target-size", ["1 b", "2 kb"]),
        ("source.split.open-file-cost", ["1 b"]),
        ("commit.force-compact", ["true"]),
        ("compaction.incremental-size-threshold", ["1 kb", "10 kb"]),
        ("dynamic-bucket.max-buckets", ["1", "2"]),
        ("dynamic-bucket.initial-buckets", ["2"]),
        ("snapshot.clean-empty-directories", ["true"]),
        ("file-index.in-manifest-threshold", ["1 b"]),
    ];

    /// <summary>Some options.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="allowsAvro">False for columns that Avro files cannot hold.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Random(Random random, bool allowsAvro)
    {
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = random.Next(12); i > 0; i--)
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
