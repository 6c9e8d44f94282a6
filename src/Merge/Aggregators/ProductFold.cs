using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>product</c>: NULL changes nothing, and a value is taken back by dividing by it.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <typeparam name="TArithmetic">How they are multiplied.</typeparam>
/// <param name="type">The column's type.</param>
/// <param name="arithmetic">How they are multiplied.</param>
internal sealed class ProductFold<T, TArithmetic>(DataType type, TArithmetic arithmetic) : ColumnFold
    where T : unmanaged
    where TArithmetic : struct, IProductArithmetic<T>
{
    private readonly FixedVector<T> _values = new(type);

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        GroupValues.Gather(input, _values);
        var values = _values.Values;
        var next = 0;
        foreach (var group in input.Groups)
        {
            T? product = null;
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++, next++)
            {
                var action = input.ActionOf(i);
                if (action is FoldAction.Reset or FoldAction.ResetRetract)
                {
                    product = null;
                }

                if (action != FoldAction.Skip && !_values.IsNull(next))
                {
                    product = Next(product, values[next], action);
                }
            }

            if (product is { } known)
            {
                ((FixedVector<T>)output.Values).Append(known);
                output.AppendComputed();
            }
            else
            {
                output.AppendNull();
            }
        }
    }

    private T? Next(T? product, T value, FoldAction action) => action switch
    {
        FoldAction.Retract or FoldAction.RetractOlder => product is { } known ? arithmetic.Divide(known, value) : null,
        FoldAction.ResetRetract => arithmetic.Divide(value, value),
        _ => product is { } known ? arithmetic.Multiply(known, value) : value,
    };
}
