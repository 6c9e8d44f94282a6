namespace PaimonSharp.Bench.Compaction;

/// <summary>One way of writing and compacting a table. What is not said is as in <see cref="Scenarios.Baseline"/>.</summary>
/// <param name="Name">What tables and plots call it.</param>
internal sealed record Scenario(string Name)
{
    /// <summary>The rows that come in, updates included.</summary>
    public long Rows { get; init; } = 1_000_000;

    /// <summary>Rows of one durable commit.</summary>
    public int CommitRows { get; init; } = 20_000;

    /// <summary>Which keys come.</summary>
    public KeyPattern Keys { get; init; } = KeyPattern.Uniform;

    /// <summary>The part of the rows whose key is there already.</summary>
    public double UpdateRatio { get; init; } = 0.5;

    /// <summary>Bytes of each row's text; its other columns take 24.</summary>
    public int NoteBytes { get; init; } = 40;

    /// <summary>Options of the table beyond those of every table here.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>A full compaction every so many commits; 0 for none.</summary>
    public int FullEveryCommits { get; init; }

    /// <summary>True when the table is written without compaction and compacted fully in the end, in the measured time.</summary>
    public bool CompactsAtEnd { get; init; }

    /// <summary>True when the rows are those of the baseline, so that one run of the peer serves both.</summary>
    public bool HasBaselineRows => Rows == Scenarios.Baseline.Rows && Keys == KeyPattern.Uniform
        && UpdateRatio == Scenarios.Baseline.UpdateRatio && NoteBytes == Scenarios.Baseline.NoteBytes;
}
