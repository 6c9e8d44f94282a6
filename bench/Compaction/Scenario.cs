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

    /// <summary>Who compacts.</summary>
    public Compactor Compactor { get; init; } = Compactor.Writer;

    /// <summary>What tells the rows: scenarios that have it in common write the same rows, and share a run of the peer.</summary>
    public (long Rows, int CommitRows, KeyPattern Keys, double UpdateRatio, int NoteBytes) RowSet =>
        (Rows, CommitRows, Keys, UpdateRatio, NoteBytes);

    /// <summary>The scenario with another number of rows; its commits stay as large.</summary>
    /// <param name="factor">How many times the rows.</param>
    public Scenario Scaled(double factor) => this with { Rows = Math.Max(CommitRows, (long)(Rows * factor)) };
}
