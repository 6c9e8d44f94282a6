using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>1 and 0.</summary>
internal sealed class BooleanToNumberCast(DataType type) : RowCast<BooleanVector>
{
    private protected override void AppendRow(BooleanVector source, int row, ColumnVector target)
    {
        var value = source[row] ? 1 : 0;
        if (type is not DecimalType number)
        {
            NumberColumn.AppendWrapped(target, value);
        }
        else if (DecimalText.TryRescale(value, 0, number.Precision, number.Scale, out var unscaled, out _))
        {
            NumberColumn.AppendUnscaled(target, unscaled);
        }
        else
        {
            target.AppendNull();
        }
    }
}
