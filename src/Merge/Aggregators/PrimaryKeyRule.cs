namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>primary-key</c>: what the newest version has; all have the same.</summary>
internal readonly struct PrimaryKeyRule : ISelectingRule
{
    /// <inheritdoc/>
    public static int Next(int chosen, int version, FoldAction action, ref bool hasBegun) => action == FoldAction.AddOlder ? chosen : version;
}
