namespace PaimonSharp.Merge.Aggregators;

/// <summary>A sequence field of a sequence group: that of the newest version, retractions among them.</summary>
internal readonly struct SequenceFieldRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun) =>
        action is FoldAction.Add or FoldAction.Retract ? version : chosen;
}
