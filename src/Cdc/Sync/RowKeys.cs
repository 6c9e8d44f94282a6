using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Sync;

/// <summary>The primary keys of the rows of a mirrored table's batches, as comparable bytes. Not thread-safe.</summary>
internal sealed class RowKeys
{
    private readonly int[] _columns;
    private readonly ColumnVector[] _vectors;
    private readonly KeyEncoder _encoder;

    public RowKeys(TableSchema schema)
    {
        _columns = schema.IndexesOf(schema.PrimaryKeys);
        _vectors = new ColumnVector[_columns.Length];
        _encoder = new KeyEncoder(schema.PrimaryKeyType);
        Keys = _encoder.CreateKeys();
    }

    /// <summary>The keys of the range encoded last.</summary>
    public EncodedKeys Keys { get; }

    /// <summary>Encodes the keys of a range of rows.</summary>
    public EncodedKeys Encode(ColumnBatch batch, int start, int count)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _vectors[i] = batch.Columns[_columns[i]];
        }

        Keys.Clear();
        _encoder.Encode(_vectors, start, count, Keys);
        return Keys;
    }

    /// <summary>
    /// Makes a delete and an insert of every update that moves a row to another key: for a table both are other rows.
    /// </summary>
    /// <param name="batch">Rows with kinds; a -U is followed by its +U.</param>
    /// <param name="start">The first row that may be concerned.</param>
    public void SplitKeyChanges(ColumnBatch batch, int start)
    {
        var kinds = batch.Kinds!;
        var count = batch.RowCount - start;
        if (!kinds.Values[start..].Contains(RowKind.UpdateBefore))
        {
            return;
        }

        Encode(batch, start, count);
        for (var i = 0; i + 1 < count; i++)
        {
            if (kinds.Values[start + i] == RowKind.UpdateBefore && Keys.Compare(i, i + 1) != 0)
            {
                kinds.Replace(start + i, RowKind.Delete);
                kinds.Replace(start + i + 1, RowKind.Insert);
            }
        }
    }
}
