using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>Reduces every group of a plan to the row that represents it.</summary>
internal static class MergeLoop
{
    /// <summary>Runs a merge function over all groups.</summary>
    /// <typeparam name="TMerge">The merge engine.</typeparam>
    /// <param name="merge">The merge engine.</param>
    /// <param name="plan">The rows.</param>
    /// <param name="kinds">The kinds of each source's rows.</param>
    /// <param name="dropRetracts">True to leave out keys whose result is a retraction: what a reader of the table sees.</param>
    /// <param name="selected">Room for <see cref="MergePlan.GroupCount"/> rows, filled with the results in key order.</param>
    /// <returns>The number of results.</returns>
    public static int Select<TMerge>(
        TMerge merge,
        MergePlan plan,
        ReadOnlySpan<FixedVector<RowKind>> kinds,
        bool dropRetracts,
        Span<RowReference> selected)
        where TMerge : struct, IMergeFunction
    {
        var count = 0;
        for (var i = 0; i < plan.GroupCount; i++)
        {
            var rows = plan[i];
            var version = rows.Length == 1 ? 0 : merge.Select(new MergeGroup(rows, kinds));
            if (version < 0)
            {
                continue;
            }

            var row = rows[version];
            if (!dropRetracts || kinds[row.Source].Values[row.Row].IsAdd())
            {
                selected[count++] = row;
            }
        }

        return count;
    }
}
