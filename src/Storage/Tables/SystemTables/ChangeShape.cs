using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables.SystemTables;

/// <summary>Turns changed rows into rows that tell their kind in a column. Reuses its batch; one thread.</summary>
internal abstract class ChangeShape
{
    private protected ChangeShape(RowType rowType)
    {
        RowType = rowType;
        Result = new ColumnBatch(rowType);
    }

    /// <summary>The columns of the result.</summary>
    public RowType RowType { get; }

    /// <summary>Where the result is collected.</summary>
    private protected ColumnBatch Result { get; }

    /// <summary>The rows for some changes.</summary>
    /// <param name="changes">Rows with their kinds.</param>
    /// <param name="isStream">True for the changes of one bucket in their order, false for the rows of a state.</param>
    /// <returns>The rows; valid until the next call.</returns>
    public abstract ColumnBatch Apply(ColumnBatch changes, bool isStream);

    /// <summary>The rows that are still held back at the end of a bucket.</summary>
    /// <returns>The rows, maybe none; valid until the next call.</returns>
    public abstract ColumnBatch Flush();

    /// <summary>The column <c>rowkind</c> and those of a table.</summary>
    /// <param name="table">The table's columns.</param>
    /// <param name="typeOf">What becomes of a column's type.</param>
    private protected static RowType WithKind(RowType table, Func<DataType, DataType> typeOf) => new(
    [
        new DataField(int.MaxValue, "rowkind", DataTypes.String.NotNull()),
        .. table.Fields.Select(field => field with { Type = typeOf(field.Type) }),
    ]);
}
