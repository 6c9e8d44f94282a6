namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>first_value</c>: the first value of a merge, even NULL. One that is older by its sequence group replaces it.
/// </summary>
internal readonly struct FirstValueRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun)
    {
        var (first, second) = action == FoldAction.Add ? (version, chosen) : (chosen, version);
        if (hasBegun)
        {
            return second;
        }

        hasBegun = true;
        return first;
    }
}
