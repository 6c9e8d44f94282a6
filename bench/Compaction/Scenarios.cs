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
                With("trigger 3", ("num-sorted-run.compaction-trigger", "3")),
                With("trigger 10", ("num-sorted-run.compaction-trigger", "10")),
                With("size ratio 50", ("compaction.size-ratio", "50")),
                With("amplification 25", ("compaction.max-size-amplification-percent", "25")),
                new Scenario("full every 10 commits") { FullEveryCommits = 10 },
                new Scenario("full at the end") { CompactsAtEnd = true },
            ],
            ["format"] =
            [
                Baseline,
                With("parquet zstd", ("file.compression", "zstd")),
                With("parquet none", ("file.compression", "none")),
                With("avro zstd", ("file.format", "avro"), ("file.compression", "zstd")),
                With("avro null", ("file.format", "avro"), ("file.compression", "null")),
            ],
            ["keys"] = [.. Enum.GetValues<KeyPattern>().Select(keys => new Scenario(keys.ToString().ToLowerInvariant()) { Keys = keys })],
            ["updates"] = [.. new[] { 0, 0.5, 0.9 }.Select(ratio => new Scenario($"{ratio * 100:N0} % updates") { UpdateRatio = ratio })],
            ["width"] = [.. new[] { 8, 40, 400 }.Select(bytes => new Scenario($"{bytes + 24} bytes") { NoteBytes = bytes })],
            ["size"] = [.. new[] { 0.5, 1, 2 }.Select(size => new Scenario($"{size:N1} x rows") { Rows = (long)(Baseline.Rows * size) })],
        };

    /// <summary>The scenario with another number of rows; its commits stay as large.</summary>
    public static Scenario Scaled(this Scenario scenario, double factor) =>
        scenario with { Rows = (long)(scenario.Rows * factor) };

    private static Scenario With(string name, params (string Key, string Value)[] options) =>
        new(name) { Options = options.ToDictionary(option => option.Key, option => option.Value) };
}
