using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Folds the values of a binary column by uniting them two at a time, as Paimon does; NULL changes nothing.</summary>
internal sealed class BinaryUnionFold : ColumnFold
{
    private readonly DataField _field;
    private readonly IBinaryUnion _union;
    private ArrayBufferWriter<byte> _accumulator = new();
    private ArrayBufferWriter<byte> _next = new();

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="name">The aggregator.</param>
    /// <param name="field">The column.</param>
    /// <param name="union">Unites two values.</param>
    /// <exception cref="PaimonException">Invalid: the column is not VARBINARY.</exception>
    public BinaryUnionFold(string name, DataField field, IBinaryUnion union)
    {
        (_field, _union) = (field, union);
        if (field.Type.Root != TypeRoot.VarBinary)
        {
            throw AggregatorRegistry.TypeError(name, field, "BYTES or VARBINARY");
        }
    }

    /// <inheritdoc/>
    public override void Fold(in FoldInput input, FoldOutput output)
    {
        foreach (var group in input.Groups)
        {
            FoldGroup(input, group, output);
        }
    }

    // While one version alone counts, the result is that version and nothing is copied.
    private void FoldGroup(in FoldInput input, int group, FoldOutput output)
    {
        var rows = input.Plan.Rows;
        var single = -1;
        var isUnited = false;
        var end = input.Plan.EndOf(group);
        for (var i = input.Plan.StartOf(group); i < end; i++)
        {
            var action = input.ActionOf(i);
            if (action == FoldAction.Reset)
            {
                (single, isUnited) = (-1, false);
            }

            if (action == FoldAction.Skip || input.IsNull(rows[i]))
            {
                continue;
            }

            if (single < 0 && !isUnited)
            {
                single = i;
                continue;
            }

            var accumulator = isUnited ? _accumulator.WrittenSpan : ValueOf(input, rows[single]);
            var value = ValueOf(input, rows[i]);
            _next.ResetWrittenCount();
            Unite(action == FoldAction.AddOlder ? value : accumulator, action == FoldAction.AddOlder ? accumulator : value);
            (_accumulator, _next, isUnited) = (_next, _accumulator, true);
        }

        if (isUnited)
        {
            ((BinaryVector)output.Values).Append(_accumulator.WrittenSpan);
            output.AppendComputed();
        }
        else if (single >= 0)
        {
            output.AppendRow(rows[single]);
        }
        else
        {
            output.AppendNull();
        }
    }

    private static ReadOnlySpan<byte> ValueOf(in FoldInput input, RowReference row) =>
        ((BinaryVector)input.Sources[row.Source])[row.Row];

    private void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input)
    {
        try
        {
            _union.Unite(accumulator, input, _next);
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException($"Column '{_field.Name}': {error.Detail}", innerException: error);
        }
    }
}
