using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Puts the default values of a schema's columns in place of NULL, in rows of every kind, as Paimon's writers do. Immutable.
/// </summary>
internal sealed class DefaultValues
{
    private readonly (int Column, ColumnVector Value)[] _values;

    private DefaultValues((int Column, ColumnVector Value)[] values) => _values = values;

    /// <summary>The default values of a schema; null where it has none.</summary>
    /// <exception cref="Data.Errors.PaimonException">Invalid: a default value is no value of its column.</exception>
    public static DefaultValues? Of(TableSchema schema)
    {
        var values = new List<(int, ColumnVector)>();
        for (var i = 0; i < schema.Fields.Count; i++)
        {
            var field = schema.Fields[i];
            if (field.DefaultValue is { } text)
            {
                values.Add((i, DefaultValue.Parse(field.Name, field.Type, text)));
            }
        }

        return values.Count == 0 ? null : new DefaultValues([.. values]);
    }

    /// <summary>The batch, or one that shares its columns where nothing is to be filled in.</summary>
    public ColumnBatch FillIn(ColumnBatch batch)
    {
        ColumnVector[]? columns = null;
        RowReference[]? rows = null;
        foreach (var (column, value) in _values)
        {
            var source = batch.Columns[column];
            if (source.NullCount == 0)
            {
                continue;
            }

            columns ??= [.. batch.Columns];
            rows ??= new RowReference[batch.RowCount];
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = source.IsNull(row) ? new RowReference(1, 0) : new RowReference(0, row);
            }

            columns[column] = ColumnVector.Create(source.Type);
            columns[column].AppendGather([source, value], rows);
        }

        return columns is null
            ? batch
            : new ColumnBatch(batch.RowType, columns, batch.RowCount, batch.Kinds, batch.Sequences);
    }
}
