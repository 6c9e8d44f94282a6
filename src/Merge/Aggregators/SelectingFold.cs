namespace PaimonSharp.Merge.Aggregators;

/// <summary>A fold that chooses one of the versions of a key.</summary>
/// <typeparam name="TRule">How.</typeparam>
internal sealed class SelectingFold<TRule> : ColumnFold
    where TRule : struct, ISelectingRule
{
    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        var plan = input.Plan;
        var rows = plan.Rows;
        var hasNulls = HasNulls(input);
        foreach (var group in input.Groups)
        {
            var chosen = -1;
            var hasBegun = false;
            var end = plan.EndOf(group);
            for (var i = plan.StartOf(group); i < end; i++)
            {
                var action = input.ActionOf(i);
                if (action == FoldAction.Skip)
                {
                    continue;
                }

                var version = hasNulls && input.IsNull(rows[i]) ? -1 : i;
                chosen = action switch
                {
                    FoldAction.Reset => version,
                    FoldAction.ResetRetract => TRule.Next(version, version, FoldAction.Retract, ref hasBegun),
                    _ => TRule.Next(chosen, version, action, ref hasBegun),
                };
            }

            if (chosen < 0)
            {
                output.AppendNull();
            }
            else
            {
                output.AppendRow(rows[chosen]);
            }
        }
    }

    private static bool HasNulls(in FoldInput input)
    {
        foreach (var source in input.Sources)
        {
            if (source.NullCount > 0)
            {
                return true;
            }
        }

        return false;
    }
}
