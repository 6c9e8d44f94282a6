using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables.Splits;

/// <summary>What a batch reads, found from its options: one of the nested kinds. Immutable.</summary>
internal abstract record BatchStart
{
    private BatchStart()
    {
    }

    /// <summary>No row: the table has no snapshot, or nothing lies between two of them.</summary>
    public sealed record Nothing : BatchStart;

    /// <summary>The state of a snapshot.</summary>
    /// <param name="Snapshot">The snapshot.</param>
    /// <param name="IsTravel">True when it was asked for by name or time, so that it is read with its own schema.</param>
    /// <param name="CreatedSinceMillis">The time that files must have been made at or after; null for all files.</param>
    public sealed record State(Snapshot Snapshot, bool IsTravel, long? CreatedSinceMillis = null) : BatchStart;

    /// <summary>What the snapshots between two added, or their changelogs.</summary>
    /// <param name="After">The id of the snapshot after which to begin.</param>
    /// <param name="Through">The id of the last snapshot.</param>
    /// <param name="IsChangelog">True for the changelogs.</param>
    public sealed record Changes(long After, long Through, bool IsChangelog) : BatchStart;

    /// <summary>What differs between two states.</summary>
    /// <param name="Before">The older snapshot.</param>
    /// <param name="After">The newer snapshot.</param>
    public sealed record Difference(Snapshot Before, Snapshot After) : BatchStart;
}
