using System.Text;
using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// A view on one row of a batch: the row-level edge of the columnar API. Valid as long as its batch. Getters throw
/// <see cref="InvalidCastException"/> for a column of another type, <see cref="InvalidOperationException"/> for NULL and
/// <see cref="ArgumentException"/> for a name that no column has.
/// </summary>
/// <param name="Batch">The batch.</param>
/// <param name="Index">The row in the batch.</param>
public readonly record struct Row(ColumnBatch Batch, int Index)
{
    /// <summary>What the row does to its key.</summary>
    public RowKind Kind => Batch.KindOf(Index);

    /// <summary>The number of columns.</summary>
    public int ColumnCount => Batch.Columns.Count;

    /// <summary>The value of a column as an object, null for NULL; see <see cref="GetValue(int)"/>.</summary>
    /// <param name="column">The column's name.</param>
    public object? this[string column] => GetValue(IndexOf(column));

    /// <summary>The value of a column as an object, null for NULL; see <see cref="GetValue(int)"/>.</summary>
    /// <param name="column">The column's position.</param>
    public object? this[int column] => GetValue(column);

    /// <summary>True when the column is NULL.</summary>
    /// <param name="column">The column's position.</param>
    public bool IsNull(int column) => Batch.Columns[column].IsNull(Index);

    /// <summary>True when the column is NULL.</summary>
    /// <param name="column">The column's name.</param>
    public bool IsNull(string column) => IsNull(IndexOf(column));

    /// <summary>A BOOLEAN.</summary>
    /// <param name="column">The column's position.</param>
    public bool GetBoolean(int column) => ((BooleanVector)NotNull(column))[Index];

    /// <summary>A BOOLEAN.</summary>
    /// <param name="column">The column's name.</param>
    public bool GetBoolean(string column) => GetBoolean(IndexOf(column));

    /// <summary>A TINYINT, SMALLINT or INT.</summary>
    /// <param name="column">The column's position.</param>
    public int GetInt32(int column) => NotNull(column) switch
    {
        FixedVector<int> vector => vector.Values[Index],
        FixedVector<short> vector => vector.Values[Index],
        FixedVector<sbyte> vector => vector.Values[Index],
        _ => throw Mismatch(column, "INT"),
    };

    /// <summary>A TINYINT, SMALLINT or INT.</summary>
    /// <param name="column">The column's name.</param>
    public int GetInt32(string column) => GetInt32(IndexOf(column));

    /// <summary>An integer of any width.</summary>
    /// <param name="column">The column's position.</param>
    public long GetInt64(int column) =>
        NotNull(column) is FixedVector<long> vector && vector.Type.Root == TypeRoot.BigInt
            ? vector.Values[Index]
            : GetInt32(column);

    /// <summary>An integer of any width.</summary>
    /// <param name="column">The column's name.</param>
    public long GetInt64(string column) => GetInt64(IndexOf(column));

    /// <summary>A FLOAT or DOUBLE.</summary>
    /// <param name="column">The column's position.</param>
    public double GetDouble(int column) => NotNull(column) switch
    {
        FixedVector<double> vector => vector.Values[Index],
        FixedVector<float> vector => vector.Values[Index],
        _ => throw Mismatch(column, "DOUBLE"),
    };

    /// <summary>A FLOAT or DOUBLE.</summary>
    /// <param name="column">The column's name.</param>
    public double GetDouble(string column) => GetDouble(IndexOf(column));

    /// <summary>A CHAR or VARCHAR.</summary>
    /// <param name="column">The column's position.</param>
    public string GetString(int column) => Encoding.UTF8.GetString(GetBytes(column));

    /// <summary>A CHAR or VARCHAR.</summary>
    /// <param name="column">The column's name.</param>
    public string GetString(string column) => GetString(IndexOf(column));

    /// <summary>The bytes of a BINARY or VARBINARY, the UTF-8 of a CHAR or VARCHAR.</summary>
    /// <param name="column">The column's position.</param>
    public ReadOnlySpan<byte> GetBytes(int column) =>
        NotNull(column) is BinaryVector vector ? vector[Index] : throw Mismatch(column, "STRING or BYTES");

    /// <summary>The bytes of a BINARY or VARBINARY, the UTF-8 of a CHAR or VARCHAR.</summary>
    /// <param name="column">The column's name.</param>
    public ReadOnlySpan<byte> GetBytes(string column) => GetBytes(IndexOf(column));

    /// <summary>The value of a column as an object, null for NULL; <see cref="ValueReader.GetValue"/> lists the types.</summary>
    /// <param name="column">The column's position.</param>
    public object? GetValue(int column) => ValueReader.GetValue(Batch.Columns[column], Index);

    /// <summary>The row's kind and values, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Kind.ToShortText()).Append(" (");
        for (var i = 0; i < ColumnCount; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(ValueText.Format(Batch.Columns[i], Index));
        }

        return text.Append(')').ToString();
    }

    private int IndexOf(string column)
    {
        var index = Batch.RowType.IndexOf(column);
        return index >= 0 ? index : throw new ArgumentException($"There is no column '{column}'.", nameof(column));
    }

    private ColumnVector NotNull(int column) =>
        IsNull(column)
            ? throw new InvalidOperationException($"Column '{Batch.RowType.Fields[column].Name}' is NULL in this row.")
            : Batch.Columns[column];

    private InvalidCastException Mismatch(int column, string wanted) =>
        new($"Column '{Batch.RowType.Fields[column].Name}' is {Batch.Columns[column].Type}, not {wanted}.");
}
