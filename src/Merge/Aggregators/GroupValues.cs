using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Brings the values that a fold walks next to each other, so that the walk itself is a plain loop.</summary>
internal static class GroupValues
{
    /// <summary>Copies the values of all versions of the groups of an input, group after group.</summary>
    /// <param name="input">The groups.</param>
    /// <param name="values">Cleared first; a vector of the column's type.</param>
    public static void Gather(in FoldInput input, ColumnVector values)
    {
        values.Clear();
        var plan = input.Plan;
        var groups = input.Groups;
        for (var i = 0; i < groups.Length;)
        {
            var first = groups[i];
            var last = first;
            while (++i < groups.Length && groups[i] == last + 1)
            {
                last++;
            }

            var start = plan.StartOf(first);
            values.AppendGather(input.Sources, plan.Rows[start..plan.EndOf(last)]);
        }
    }
}
