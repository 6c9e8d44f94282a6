namespace PaimonSharp.Storage.Spill;

/// <summary>Rows in key order in a spill file; those of a key, oldest first, in one block. Immutable.</summary>
/// <param name="File">The file; the run does not own it.</param>
/// <param name="Blocks">The blocks, in key order.</param>
internal sealed record SpilledRun(SpillFile File, IReadOnlyList<SpillBlock> Blocks)
{
    /// <summary>The level of the data files that the rows are of; 0 for rows of a write buffer.</summary>
    public int Level { get; init; }

    /// <summary>The smallest sequence number.</summary>
    public long MinSequence { get; init; }

    /// <summary>The largest sequence number.</summary>
    public long MaxSequence { get; init; }

    /// <summary>True when there is one row of each key.</summary>
    public bool HoldsKeysOnce { get; init; }

    /// <summary>What is to be said where a row is needed of which a cast has lost a value; null when there is none.</summary>
    public string? Loss { get; init; }
}
