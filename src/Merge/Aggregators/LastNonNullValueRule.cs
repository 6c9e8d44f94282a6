namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>last_non_null_value</c>: the newest value that is not NULL; retracting one leaves NULL.</summary>
internal readonly struct LastNonNullValueRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun) => action switch
    {
        FoldAction.Add => version >= 0 ? version : chosen,
        FoldAction.AddOlder => chosen >= 0 ? chosen : version,
        _ => version >= 0 ? -1 : chosen,
    };
}
