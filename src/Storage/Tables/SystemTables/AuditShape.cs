using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>The rows of <c>audit_log</c>: the kind as text, then the table's columns.</summary>
/// <param name="table">The table's columns.</param>
internal sealed class AuditShape(RowType table) : ChangeShape(WithKind(table, type => type))
{
    /// <inheritdoc/>
    public override ColumnBatch Apply(ColumnBatch changes, bool isStream)
    {
        Result.Clear();
        var kinds = (BinaryVector)Result.Columns[0];
        for (var row = 0; row < changes.RowCount; row++)
        {
            kinds.Append(changes.KindOf(row).ToShortText());
        }

        for (var i = 0; i < changes.Columns.Count; i++)
        {
            Result.Columns[i + 1].AppendRange(changes.Columns[i], 0, changes.RowCount);
        }

        Result.EndRows(changes.RowCount);
        return Result;
    }

    /// <inheritdoc/>
    public override ColumnBatch Flush()
    {
        Result.Clear();
        return Result;
    }
}
