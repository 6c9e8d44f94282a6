using System.Text;
using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Takes the kinds of rows from a column of texts, <c>rowkind.field</c>: <c>+I</c>, <c>-U</c>, <c>+U</c> or <c>-D</c>. The
/// kinds that rows have otherwise do not count. For one thread.
/// </summary>
internal sealed class RowKindField
{
    private const int ShownBytes = 20;

    private readonly string _name;
    private readonly int _index;
    private readonly FixedVector<RowKind> _kinds = new(DataTypes.TinyInt.NotNull());

    private RowKindField(string name, int index)
    {
        _name = name;
        _index = index;
    }

    /// <summary>The table's column, null where it has none.</summary>
    /// <exception cref="PaimonException">Invalid: the option names no column of texts.</exception>
    public static RowKindField? Create(TableSchema schema, TableOptions options)
    {
        if (options.GetString("rowkind.field") is not { Length: > 0 } name)
        {
            return null;
        }

        var index = schema.Fields.ToList().FindIndex(field => field.Name == name);
        if (index < 0 || schema.Fields[index].Type.Root is not (TypeRoot.VarChar or TypeRoot.Char))
        {
            PaimonException.ThrowInvalid($"Option 'rowkind.field' names '{name}'; expected a column of texts.");
        }

        return new RowKindField(name, index);
    }

    /// <summary>The same rows with the kinds that the column says; valid until the next call.</summary>
    /// <exception cref="PaimonException">Invalid: NULL or a text that is no kind.</exception>
    public ColumnBatch Apply(ColumnBatch batch)
    {
        _kinds.Clear();
        var kinds = _kinds.AppendUninitialized(batch.RowCount);
        for (var row = 0; row < kinds.Length; row++)
        {
            kinds[row] = KindOf(batch, row);
        }

        return new ColumnBatch(batch.RowType, batch.Columns, batch.RowCount, _kinds, batch.Sequences);
    }

    /// <summary>Checks the last row, and removes it when its column holds no kind.</summary>
    /// <exception cref="PaimonException">Invalid: NULL or a text that is no kind.</exception>
    public void CheckLast(ColumnBatch batch)
    {
        try
        {
            KindOf(batch, batch.RowCount - 1);
        }
        catch (PaimonException)
        {
            batch.Truncate(batch.RowCount - 1);
            throw;
        }
    }

    private RowKind KindOf(ColumnBatch batch, int row)
    {
        var column = (BinaryVector)batch.Columns[_index];
        if (column.IsNull(row))
        {
            PaimonException.ThrowInvalid($"Column '{_name}' gives a row's kind and is NULL; expected +I, -U, +U or -D.");
        }

        var text = column[row];
        return text.SequenceEqual("+I"u8) ? RowKind.Insert
            : text.SequenceEqual("-U"u8) ? RowKind.UpdateBefore
            : text.SequenceEqual("+U"u8) ? RowKind.UpdateAfter
            : text.SequenceEqual("-D"u8) ? RowKind.Delete
            : throw new PaimonException(
                ErrorKind.Invalid,
                $"Column '{_name}' gives a row's kind and is"
                + $" '{Encoding.UTF8.GetString(text[..Math.Min(text.Length, ShownBytes)])}'; expected +I, -U, +U or -D.");
    }
}
