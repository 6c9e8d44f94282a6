using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>sum</c> of DECIMAL of more than 18 digits: NULL changes nothing. As in Paimon a sum that its type cannot hold
/// is NULL, and the next value begins anew.
/// </summary>
/// <param name="type">The column's type.</param>
internal sealed class WideDecimalSumFold(DecimalType type) : ColumnFold
{
    private readonly Int128 _limit = PowerOfTen(type.Precision);

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        var rows = input.Plan.Rows;
        foreach (var group in input.Groups)
        {
            Int128? sum = null;
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++)
            {
                var action = input.ActionOf(i);
                if (action is FoldAction.Reset or FoldAction.ResetRetract)
                {
                    sum = null;
                }

                var source = input.Sources[rows[i].Source];
                if (action == FoldAction.Skip || source.IsNull(rows[i].Row))
                {
                    continue;
                }

                var value = ((FixedVector<Int128>)source).Values[rows[i].Row];
                sum = action switch
                {
                    FoldAction.ResetRetract => 0,
                    FoldAction.Retract or FoldAction.RetractOlder => Limit((sum ?? 0) - value),
                    _ => Limit((sum ?? 0) + value),
                };
            }

            if (sum is { } known)
            {
                ((FixedVector<Int128>)output.Values).Append(known);
                output.AppendComputed();
            }
            else
            {
                output.AppendNull();
            }
        }
    }

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    // A sum of two values of 38 digits that leaves 128 bits comes out again beyond the limit on the other side.
    private Int128? Limit(Int128 sum) => sum > -_limit && sum < _limit ? sum : null;
}
