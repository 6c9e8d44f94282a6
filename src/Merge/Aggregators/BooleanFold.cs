using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregators <c>bool_and</c> and <c>bool_or</c>: NULL changes nothing.</summary>
internal sealed class BooleanFold : ColumnFold
{
    private readonly bool _isAnd;

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="isAnd">True for <c>bool_and</c>.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the column is not BOOLEAN.</exception>
    public BooleanFold(DataField field, bool isAnd)
    {
        _isAnd = isAnd;
        if (field.Type.Root != TypeRoot.Boolean)
        {
            throw AggregatorRegistry.TypeError(isAnd ? "bool_and" : "bool_or", field, "BOOLEAN");
        }
    }

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        var rows = input.Plan.Rows;
        foreach (var group in input.Groups)
        {
            bool? result = null;
            var end = input.Plan.EndOf(group);
            for (var i = input.Plan.StartOf(group); i < end; i++)
            {
                var action = input.ActionOf(i);
                if (action == FoldAction.Skip)
                {
                    continue;
                }

                var vector = (BooleanVector)input.Sources[rows[i].Source];
                bool? value = vector.IsNull(rows[i].Row) ? null : vector[rows[i].Row];
                result = action == FoldAction.Reset || result is null ? value : Combine(result.Value, value);
            }

            if (result is { } known)
            {
                ((BooleanVector)output.Values).Append(known);
                output.AppendComputed();
            }
            else
            {
                output.AppendNull();
            }
        }
    }

    private bool Combine(bool result, bool? value) => value is not { } other ? result : _isAnd ? result && other : result || other;
}
