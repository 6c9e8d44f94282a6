namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregators <c>max</c> and <c>min</c>: the version with the largest or smallest value; NULL changes nothing.</summary>
/// <typeparam name="TOrder">The order of the column's values.</typeparam>
/// <param name="isMax">True for <c>max</c>.</param>
internal sealed class ExtremeFold<TOrder>(bool isMax) : ColumnFold
    where TOrder : struct, IVectorOrder
{
    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        var rows = input.Plan.Rows;
        var sources = input.Sources;
        var sign = isMax ? 1 : -1;
        foreach (var group in input.Groups)
        {
            var chosen = -1;
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++)
            {
                var action = input.ActionOf(i);
                if (action == FoldAction.Reset)
                {
                    chosen = -1;
                }

                var row = rows[i];
                if (action == FoldAction.Skip || sources[row.Source].IsNull(row.Row))
                {
                    continue;
                }

                if (chosen < 0
                    || sign * TOrder.Compare(sources[row.Source], row.Row, sources[rows[chosen].Source], rows[chosen].Row) > 0)
                {
                    chosen = i;
                }
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
}
