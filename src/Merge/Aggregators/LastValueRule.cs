namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>last_value</c>: the newest value, even NULL; a retraction leaves NULL.</summary>
internal readonly struct LastValueRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun) => action switch
    {
        FoldAction.Add => version,
        FoldAction.AddOlder => chosen,
        _ => -1,
    };
}
