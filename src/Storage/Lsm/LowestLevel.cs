using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// In tables whose compactions look keys up, a row above level 0 is the key's whole state as of its file
/// (docs/format.md#lookup-compaction): of several such rows only that of the lowest level is merged with those of level 0.
/// </summary>
internal static class LowestLevel
{
    /// <summary>Copies a plan without the rows that do not count; its groups stay.</summary>
    /// <param name="plan">The rows of runs.</param>
    /// <param name="cursors">The runs, at the windows that the plan is made of.</param>
    /// <param name="target">Cleared first.</param>
    public static void Reduce(MergePlan plan, RunCursor[] cursors, MergePlan target)
    {
        Span<int> levels = stackalloc int[cursors.Length];
        FindLevels(cursors, levels);
        target.Clear();
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            var kept = Find(rows, levels);
            var isBegun = false;
            for (var i = 0; i < rows.Length; i++)
            {
                if (i == kept || levels[rows[i].Source] == 0)
                {
                    Add(target, rows[i], ref isBegun);
                }
            }
        }
    }

    /// <summary>The levels of the files that windows are of.</summary>
    /// <param name="cursors">The runs.</param>
    /// <param name="levels">Filled with the level of each run's window.</param>
    public static void FindLevels(RunCursor[] cursors, Span<int> levels)
    {
        for (var run = 0; run < cursors.Length; run++)
        {
            levels[run] = cursors[run].Level;
        }
    }

    /// <summary>The version of a key above level 0 that counts.</summary>
    /// <param name="rows">The versions.</param>
    /// <param name="levels">The level of each source.</param>
    /// <returns>Its index, -1 when all are of level 0.</returns>
    public static int Find(ReadOnlySpan<RowReference> rows, ReadOnlySpan<int> levels)
    {
        var found = -1;
        for (var i = 0; i < rows.Length; i++)
        {
            var level = levels[rows[i].Source];
            if (level > 0 && (found < 0 || level < levels[rows[found].Source]))
            {
                found = i;
            }
        }

        return found;
    }

    /// <summary>Adds a row to the group that is being made.</summary>
    /// <param name="target">The plan.</param>
    /// <param name="row">The row.</param>
    /// <param name="isBegun">False for the first row of the group; true afterwards.</param>
    public static void Add(MergePlan target, RowReference row, ref bool isBegun)
    {
        if (isBegun)
        {
            target.Add(row);
        }
        else
        {
            target.BeginGroup(row);
            isBegun = true;
        }
    }
}
