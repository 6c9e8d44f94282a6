using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>Whether an integer is not 0.</summary>
internal sealed class IntegerToBooleanCast : RowCast<ColumnVector>
{
    private protected override void AppendRow(ColumnVector source, int row, ColumnVector target) =>
        ((BooleanVector)target).Append(NumberColumn.Integer(source, row) != 0);
}
