using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>The rows that a merge is made of.</summary>
internal readonly struct MergeInput
{
    /// <summary>The rows, brought together by key. Must not change until the results have been gathered.</summary>
    public required MergePlan Plan { get; init; }

    /// <summary>The kinds of each source's rows.</summary>
    public required FixedVector<RowKind>[] Kinds { get; init; }

    /// <summary>
    /// For each column of the merge the vector of every source; null for columns that are the same in all rows and that
    /// nobody gathers. Of selecting engines the vectors need to be filled only when columns are gathered.
    /// </summary>
    public required ColumnVector[]?[] Columns { get; init; }

    /// <summary>True to leave out keys whose result is a retraction: what a reader of the table sees.</summary>
    public bool DropRetracts { get; init; }

    /// <summary>
    /// True when a key's only version meets the merge engine as well, as in compactions with lookup; false when it is the
    /// result as it stands, whatever its kind.
    /// </summary>
    public bool FoldsLone { get; init; }

    /// <summary>
    /// The plan that <see cref="Plan"/> was made of by leaving out versions, with the same groups; null where none were. What is
    /// left of several versions meets the merge engine, even where it is one.
    /// </summary>
    public MergePlan? Whole { get; init; }

    /// <summary>True for a key whose only version is the result as it stands.</summary>
    /// <param name="group">The key's group.</param>
    public bool IsLone(int group) => !FoldsLone && HasOne(Plan, group) && (Whole is null || HasOne(Whole, group));

    private static bool HasOne(MergePlan plan, int group) => plan.EndOf(group) - plan.StartOf(group) == 1;
}
