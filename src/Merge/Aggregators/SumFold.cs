using System.Numerics;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>sum</c> of integers and floating point numbers: NULL changes nothing. As in Paimon integers wrap around.
/// </summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="type">The column's type.</param>
internal sealed class SumFold<T>(DataType type) : ColumnFold
    where T : unmanaged, INumber<T>
{
    private readonly FixedVector<T> _values = new(type);

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        GroupValues.Gather(input, _values);
        if (input.AreAllAdds && _values.NullCount == 0)
        {
            Sum(input, output);
        }
        else
        {
            SumByActions(input, output);
        }
    }

    private void Sum(in FoldInput input, FoldOutput output)
    {
        var plan = input.Plan;
        var groups = input.Groups;
        var values = _values.Values;
        var sums = ((FixedVector<T>)output.Values).AppendUninitialized(groups.Length);
        for (var i = 0; i < sums.Length; i++)
        {
            var count = plan.EndOf(groups[i]) - plan.StartOf(groups[i]);
            var sum = values[0];
            foreach (var value in values[1..count])
            {
                sum += value;
            }

            sums[i] = sum;
            values = values[count..];
        }

        output.AppendComputed(sums.Length);
    }

    private void SumByActions(in FoldInput input, FoldOutput output)
    {
        var values = _values.Values;
        var next = 0;
        foreach (var group in input.Groups)
        {
            var hasSum = false;
            var sum = default(T);
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++, next++)
            {
                var action = input.ActionOf(i);
                if (action is FoldAction.Reset or FoldAction.ResetRetract)
                {
                    (hasSum, sum) = (false, default);
                }

                if (action == FoldAction.Skip || _values.IsNull(next))
                {
                    continue;
                }

                sum = action switch
                {
                    FoldAction.ResetRetract => values[next] - values[next],
                    FoldAction.Retract or FoldAction.RetractOlder => hasSum ? sum - values[next] : -values[next],
                    _ => hasSum ? sum + values[next] : values[next],
                };
                hasSum = true;
            }

            if (hasSum)
            {
                ((FixedVector<T>)output.Values).Append(sum);
                output.AppendComputed();
            }
            else
            {
                output.AppendNull();
            }
        }
    }
}
