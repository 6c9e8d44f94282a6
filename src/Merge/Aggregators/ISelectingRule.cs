namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// How a column's result is chosen among the versions of a key. Implemented by structs and passed as a type parameter, so that
/// the loop over the versions has no indirect call. A version is a place in the plan, a NULL is -1.
/// </summary>
internal interface ISelectingRule
{
    /// <summary>Takes the next version, oldest first.</summary>
    /// <param name="chosen">The version whose value the accumulator has; -1 when it is NULL, as before the first one.</param>
    /// <param name="version">The version, -1 when its value is NULL.</param>
    /// <param name="action">Add, AddOlder, Retract or RetractOlder.</param>
    /// <param name="hasBegun">False before the first version of a key; the rule's own afterwards.</param>
    /// <returns>The version whose value the accumulator has now, -1 for NULL.</returns>
    static abstract int Next(int chosen, int version, FoldAction action, ref bool hasBegun);
}
