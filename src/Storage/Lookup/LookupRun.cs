using PaimonSharp.Data.Keys;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Lookup;

/// <summary>A sorted run to be looked into. Immutable but for the lookup files that its files get.</summary>
/// <param name="Level">The run's level.</param>
/// <param name="Files">Its files, smallest keys first.</param>
/// <param name="Ranges">Their keys.</param>
internal sealed record LookupRun(int Level, LookupRunFile[] Files, KeyRanges Ranges)
{
    /// <summary>The largest sequence number of its rows.</summary>
    public long MaxSequenceNumber { get; } = Files.Max(file => file.Meta.MaxSequenceNumber);

    /// <summary>The file whose range of keys has a key, or null.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="index">The key.</param>
    public LookupRunFile? FileOf(EncodedKeys keys, int index)
    {
        var file = Ranges.Max.LowerBound(0, keys, index);
        return file < Files.Length && Ranges.Min.Compare(file, keys, index) <= 0 ? Files[file] : null;
    }
}
