namespace PaimonSharp.Merge.Aggregators;

/// <summary>A column of a sequence group without aggregator: the newest version's, even NULL; a retraction leaves NULL.</summary>
internal readonly struct OverwriteRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun) => action switch
    {
        FoldAction.Add => version,
        FoldAction.Retract => -1,
        _ => chosen,
    };
}
