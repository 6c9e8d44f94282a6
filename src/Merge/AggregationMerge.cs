using PaimonSharp.Data;

namespace PaimonSharp.Merge;

/// <summary>See <see cref="AggregationEngine"/>.</summary>
/// <param name="columns">The columns, all in one lane.</param>
/// <param name="removesOnDelete">True when a <c>-D</c> removes the row, and later versions begin with its values.</param>
internal sealed class AggregationMerge(FoldColumn[] columns, bool removesOnDelete) : FoldingMerge(columns, laneCount: 1)
{
    /// <inheritdoc/>
    protected override void FoldGroups(in MergeInput input)
    {
        var plan = input.Plan;
        var rows = plan.Rows;
        var lane = Lanes[0];
        var areAllAdds = AreAllAdds(input.Kinds);
        lane.Begin(rows.Length, areAllAdds);
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var start = plan.StartOf(group);
            var end = plan.EndOf(group);
            if (input.IsLone(group))
            {
                AddLone(input, group);
                continue;
            }

            var result = RowKind.Insert;
            for (var i = start; i < end && !areAllAdds; i++)
            {
                var kind = input.Kinds[rows[i].Source].Values[rows[i].Row];
                var isRemoved = removesOnDelete && kind == RowKind.Delete;
                lane.Set(i, isRemoved ? FoldAction.Reset : kind.IsAdd() ? FoldAction.Add : FoldAction.Retract);
                result = isRemoved ? RowKind.Delete : RowKind.Insert;
            }

            AddFolded(input, group, rows[end - 1], result);
        }
    }
}
