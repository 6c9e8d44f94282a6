namespace PaimonSharp.CaseRunner;

/// <summary>
/// All that is not performed as recorded, by name and with its reason. A case that is to differ and agrees is an error, so that
/// the list says what is; what is not compared may be equal.
/// </summary>
internal static class CaseExceptions
{
    private static readonly CaseException RefusedRetraction = new(
        "a retraction that an aggregator refuses is refused when it is written, not when its files are merged")
    {
        Difference = "an error is missing: step 5, commit: ",
    };

    private static readonly CaseException CutElsewhere = new(
        "where the rows of a level are cut into files, as that depends on how small a writer makes them")
    {
        LeftOut = CaseParts.Cuts,
    };

    private static readonly Dictionary<string, CaseException> Replays = new(StringComparer.Ordinal)
    {
        ["agg-retract-error-bool_and"] = RefusedRetraction,
        ["agg-retract-error-first_value"] = RefusedRetraction,
        ["agg-retract-error-listagg"] = RefusedRetraction,
        ["agg-retract-error-max"] = RefusedRetraction,
        ["agg-retract-error-nested_partial_update"] = RefusedRetraction,
        ["agg-retract-error-rbm32"] = RefusedRetraction,
        ["dedup-seq-desc-buffer"] = new("a descending sequence.field counts within one commit too")
        {
            Difference = "snapshot 1: rows: ",
        },
        ["compaction-buffer-spill"] = new("files and changes, which are cut at the moments when a buffer was full")
        {
            LeftOut = CaseParts.Files | CaseParts.Changelog,
        },
        ["medium-roll-a"] = CutElsewhere,
        ["partition-expire-auto-a"] = new(
            "the sequence numbers of a partition that comes back after it has expired: it begins anew here")
        {
            LeftOut = CaseParts.SequenceNumbers,
        },
        ["filters"] = ByPosition,
    };

    private static readonly Dictionary<string, CaseException> Reads = new(StringComparer.Ordinal) { ["filters"] = ByPosition };

    private static CaseException ByPosition => new(
        "read proj-filter, whose condition was tested on the projected columns by position")
    {
        LeftOut = CaseParts.ReadsByPosition,
    };

    /// <summary>What is known of a case; null where it must agree wholly.</summary>
    /// <param name="name">The case.</param>
    /// <param name="isReadOnly">True where the recorded table is read, false where the steps are performed.</param>
    public static CaseException? Of(string name, bool isReadOnly) => (isReadOnly ? Reads : Replays).GetValueOrDefault(name);
}

/// <summary>What differs in a case on purpose, or cannot be compared.</summary>
/// <param name="Reason">Why, for people.</param>
internal sealed record CaseException(string Reason)
{
    /// <summary>How the difference that is there on purpose begins; null where everything but a part agrees.</summary>
    public string? Difference { get; init; }

    /// <summary>What is not compared.</summary>
    public CaseParts LeftOut { get; init; }
}

/// <summary>Parts of a recording that two writers of one format may make differently.</summary>
[Flags]
internal enum CaseParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The live files, and the counts of their rows.</summary>
    Files = 1,

    /// <summary>Where a level is cut into files; the sum of the rows of a level is compared.</summary>
    Cuts = 2,

    /// <summary>The sequence numbers of the live files.</summary>
    SequenceNumbers = 4,

    /// <summary>The stream of all changes.</summary>
    Changelog = 8,

    /// <summary>
    /// Reads with a condition on a column that they do not project: the program that made the recordings tested the condition on
    /// the projected row, at the position that the column has in the table.
    /// </summary>
    ReadsByPosition = 16,
}
