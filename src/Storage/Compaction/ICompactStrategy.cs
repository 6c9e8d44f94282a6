using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Decides when and what to compact. One for each bucket, as it may remember what it chose. One thread.</summary>
internal interface ICompactStrategy
{
    /// <summary>Chooses runs.</summary>
    /// <param name="levels">The bucket's tree.</param>
    /// <returns>What to merge, null when the tree is good as it is.</returns>
    CompactUnit? Pick(Levels levels);
}
