using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>sum</c> of DECIMAL of up to 18 digits: NULL changes nothing. As in Paimon a sum may have more digits than its
/// type; one that 64 bits cannot hold is NULL, and the next value begins anew.
/// </summary>
/// <param name="type">The column's type.</param>
internal sealed class CompactDecimalSumFold(DecimalType type) : ColumnFold
{
    private readonly FixedVector<long> _values = new(type);

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        GroupValues.Gather(input, _values);
        if (!input.AreAllAdds || _values.NullCount > 0 || !TrySum(input, output))
        {
            SumByActions(input, output);
        }
    }

    // That a sum does not fit is rare: all groups are added first, and looked at together.
    private bool TrySum(in FoldInput input, FoldOutput output)
    {
        var plan = input.Plan;
        var groups = input.Groups;
        var values = _values.Values;
        var sums = ((FixedVector<long>)output.Values).AppendUninitialized(groups.Length);
        var signs = 0L;
        for (var i = 0; i < sums.Length; i++)
        {
            var count = plan.EndOf(groups[i]) - plan.StartOf(groups[i]);
            var sum = values[0];
            foreach (var value in values[1..count])
            {
                var next = unchecked(sum + value);
                signs |= (sum ^ next) & (value ^ next);
                sum = next;
            }

            sums[i] = sum;
            values = values[count..];
        }

        if (signs < 0)
        {
            output.Clear();
            return false;
        }

        output.AppendComputed(sums.Length);
        return true;
    }

    private void SumByActions(in FoldInput input, FoldOutput output)
    {
        var values = _values.Values;
        var next = 0;
        foreach (var group in input.Groups)
        {
            // The sum is 0 while there is none.
            var (hasSum, sum) = (false, 0L);
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++, next++)
            {
                var action = input.ActionOf(i);
                if (action is FoldAction.Reset or FoldAction.ResetRetract)
                {
                    (hasSum, sum) = (false, 0);
                }

                if (action != FoldAction.Skip && !_values.IsNull(next))
                {
                    hasSum = TryCombine(sum, values[next], action, out sum);
                }
            }

            if (hasSum)
            {
                ((FixedVector<long>)output.Values).Append(sum);
                output.AppendComputed();
            }
            else
            {
                output.AppendNull();
            }
        }
    }

    private static bool TryCombine(long sum, long value, FoldAction action, out long result)
    {
        var exact = action switch
        {
            FoldAction.ResetRetract => 0,
            FoldAction.Retract or FoldAction.RetractOlder => (Int128)sum - value,
            _ => (Int128)sum + value,
        };
        var fits = exact >= long.MinValue && exact <= long.MaxValue;
        result = fits ? (long)exact : 0;
        return fits;
    }
}
