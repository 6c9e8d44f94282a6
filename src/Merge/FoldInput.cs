using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>What a column's fold walks: the versions of some keys, and what each does.</summary>
internal readonly ref struct FoldInput
{
    /// <summary>The versions of all keys; a source of it is an index into <see cref="Sources"/>.</summary>
    public required MergePlan Plan { get; init; }

    /// <summary>The groups of the plan to fold, ascending.</summary>
    public required ReadOnlySpan<int> Groups { get; init; }

    /// <summary>
    /// What each version does, by its place in <see cref="MergePlan.Rows"/>; empty when <see cref="AreAllAdds"/>.
    /// </summary>
    public required ReadOnlySpan<FoldAction> Actions { get; init; }

    /// <summary>The column in every source.</summary>
    public required ReadOnlySpan<ColumnVector> Sources { get; init; }

    /// <summary>True when every version does <see cref="FoldAction.Add"/>.</summary>
    public bool AreAllAdds => Actions.IsEmpty;

    /// <summary>What a version does.</summary>
    /// <param name="index">Its place in <see cref="MergePlan.Rows"/>.</param>
    public FoldAction ActionOf(int index) => Actions.IsEmpty ? FoldAction.Add : Actions[index];

    /// <summary>True when a version's value is NULL.</summary>
    /// <param name="row">The version.</param>
    public bool IsNull(RowReference row) => Sources[row.Source].IsNull(row.Row);
}
