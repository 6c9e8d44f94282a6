using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Leaves nothing at level 0 (docs/format.md#force-up-level-0): where universal compaction has no reason to merge, all runs of
/// level 0 are moved up, with those above that are no larger. Tables whose rows are seen only above level 0, or whose changelog
/// is made by compactions, need it. One thread.
/// </summary>
/// <param name="universal">Is asked first.</param>
/// <param name="interval">
/// How many times there must have been no reason before level 0 is moved up all the same; null for 1.
/// </param>
internal sealed class ForceUpLevel0Compaction(UniversalCompaction universal, int? interval) : ICompactStrategy
{
    private int _attempts;

    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels)
    {
        if (universal.Pick(levels) is { } unit)
        {
            return unit;
        }

        if (interval is { } wanted && ++_attempts < wanted)
        {
            return null;
        }

        _attempts = 0;
        return universal.PickLevel0(levels);
    }
}
