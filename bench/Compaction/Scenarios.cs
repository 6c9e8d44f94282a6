namespace PaimonSharp.Bench.Compaction;

/// <summary>What is compared: in each group one thing differs from the baseline.</summary>
internal static class Scenarios
{
    /// <summary>Universal compaction as the options' defaults have it.</summary>
    public static readonly Scenario Baseline = new("default");

    /// <summary>All groups by name.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Scenario>> Groups =
        new Dictionary<string, IReadOnlyList<Scenario>>
        {
            ["strategy"] =
            [
                Baseline,
                With("level 0 forced up", ("compaction.force-up-level-0", "true")),
                With("changelog by lookup", ("changelog-producer", "lookup")),
                With("deletion vectors", ("deletion-vectors.enabled", "true")),
                new Scenario("full every 10 commits") { FullEveryCommits = 10 },
                new Scenario("job beside the writer") { Compactor = Compactor.Job },
                new Scenario("full at the end") { Compactor = Compactor.None },
            ],
            ["trigger"] =
            [
                Baseline,
                With("3 runs", ("num-sorted-run.compaction-trigger", "3")),
                With("10 runs", ("num-sorted-run.compaction-trigger", "10")),
                With("size ratio 50 %", ("compaction.size-ratio", "50")),
                With("amplification 25 %", ("compaction.max-size-amplification-percent", "25")),
                With("full below 16 MB", ("compaction.total-size-threshold", "16 mb")),
                With("full by 16 MB on top", ("compaction.incremental-size-threshold", "16 mb")),
            ],
            ["format"] =
            [
                new Scenario("parquet lz4_raw"),
                With("the same, keys once", ("data-file.thin-mode", "true")),
                With("parquet snappy", ("file.compression", "snappy")),
                With("parquet zstd", ("file.compression", "zstd")),
                With("parquet none", ("file.compression", "none")),
                With("avro zstd", ("file.format", "avro"), ("file.compression", "zstd")),
                With("avro null", ("file.format", "avro"), ("file.compression", "null")),
                With(
                    "avro null, last level parquet zstd",
                    ("file.format.per.level", "0:avro,1:avro,2:avro,3:avro,4:avro"),
                    ("file.compression.per.level", "0:null,1:null,2:null,3:null,4:null,5:zstd")),
            ],
            ["keys"] = [.. Enum.GetValues<KeyPattern>().Select(keys => new Scenario(keys.ToString().ToLowerInvariant()) { Keys = keys })],
            ["updates"] = [.. new[] { 0, 0.5, 0.9 }.Select(ratio => new Scenario($"{ratio * 100:N0} % updates") { UpdateRatio = ratio })],
            ["width"] = [.. new[] { 8, 40, 400 }.Select(bytes => new Scenario($"{bytes + 24} bytes a row") { NoteBytes = bytes })],
            ["size"] = [.. new[] { 0.25, 1, 4 }.Select(size => Baseline.Scaled(size) with { Name = $"{size:0.##} x rows" })],
        };

    private static Scenario With(string name, params (string Key, string Value)[] options) =>
        new(name) { Options = options.ToDictionary(option => option.Key, option => option.Value) };
}
