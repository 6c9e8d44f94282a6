namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>first_non_null_value</c>: the first value of a merge that is not NULL. One that is older by its sequence group
/// replaces it, as in Paimon even when it is NULL.
/// </summary>
internal readonly struct FirstNonNullValueRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun)
    {
        var (first, second) = action == FoldAction.Add ? (version, chosen) : (chosen, version);
        if (hasBegun || first < 0)
        {
            return second;
        }

        hasBegun = true;
        return first;
    }
}
