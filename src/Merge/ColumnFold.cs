namespace PaimonSharp.Merge;

/// <summary>
/// What the versions of a key become in one column: an aggregator, or the rule of a column without one. It walks the groups of
/// a plan, versions oldest first, and gives one result for each; nothing is kept from one group to the next. An instance
/// belongs to one column of one reader: its buffers are reused, by one thread at a time.
/// </summary>
internal abstract class ColumnFold
{
    /// <summary>Folds groups.</summary>
    /// <param name="input">The groups.</param>
    /// <param name="output">Empty; given exactly one result for each group of <see cref="FoldInput.Groups"/>, in order.</param>
    public abstract void Fold(in FoldInput input, FoldOutput output);
}
