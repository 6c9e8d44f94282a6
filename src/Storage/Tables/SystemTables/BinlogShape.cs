using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>
/// The rows of <c>binlog</c>: the kind as text, then each column as an array of its one value. In a stream a row of kind -U and
/// the one after it become one row of that one's kind, with two values in each array.
/// </summary>
internal sealed class BinlogShape : ChangeShape
{
    private readonly ColumnBatch _before;

    /// <summary>Makes the shape.</summary>
    /// <param name="table">The table's columns.</param>
    public BinlogShape(RowType table)
        : base(WithKind(table, type => DataTypes.Array(type.Nullable()))) =>
        _before = new ColumnBatch(table, withKinds: true);

    /// <inheritdoc/>
    public override ColumnBatch Apply(ColumnBatch changes, bool isStream)
    {
        Result.Clear();
        for (var row = 0; row < changes.RowCount; row++)
        {
            if (_before.RowCount > 0)
            {
                Append(_before, 0, changes, row, changes.KindOf(row));
                _before.Clear();
            }
            else if (isStream && changes.KindOf(row) == RowKind.UpdateBefore)
            {
                _before.AppendRange(changes, row, 1);
            }
            else
            {
                Append(changes, row, null, 0, changes.KindOf(row));
            }
        }

        return Result;
    }

    /// <inheritdoc/>
    public override ColumnBatch Flush()
    {
        Result.Clear();
        if (_before.RowCount > 0)
        {
            Append(_before, 0, null, 0, RowKind.UpdateBefore);
            _before.Clear();
        }

        return Result;
    }

    private void Append(ColumnBatch first, int firstRow, ColumnBatch? second, int secondRow, RowKind kind)
    {
        ((BinaryVector)Result.Columns[0]).Append(kind.ToShortText());
        for (var i = 0; i < first.Columns.Count; i++)
        {
            var list = (ListVector)Result.Columns[i + 1];
            list.Elements.AppendRange(first.Columns[i], firstRow, 1);
            if (second is not null)
            {
                list.Elements.AppendRange(second.Columns[i], secondRow, 1);
            }

            list.EndRow();
        }

        Result.EndRows(1);
    }
}
