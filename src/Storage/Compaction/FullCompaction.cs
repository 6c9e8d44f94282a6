using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Merges all runs to the highest level, unless that is how they are already.</summary>
internal sealed class FullCompaction : ICompactStrategy
{
    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels) =>
        levels.Runs.Count == 0 || (levels.Runs.Count == 1 && levels.Runs[0].Level == levels.MaxLevel)
            ? null
            : CompactUnit.FromRuns(levels.MaxLevel, levels.Runs);
}
