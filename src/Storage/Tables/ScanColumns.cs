using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The columns that a scan reads: those wanted, then those that only its condition asks for; and what is left of a batch once
/// the condition and the limit have been applied. Reuses its batch; one thread.
/// </summary>
internal sealed class ScanColumns
{
    private readonly Predicate? _predicate;
    private readonly int _resultCount;
    private readonly RowType _resultType;
    private readonly ColumnBatch? _filtered;
    private readonly RowSelection _selection = new();
    private int[] _rows = [];

    /// <summary>Finds the columns.</summary>
    public ScanColumns(TableSchema schema, int[] result, Predicate? predicate, bool withKinds)
    {
        _predicate = predicate;
        _resultCount = result.Length;
        _resultType = schema.RowType.Project(result);
        Indexes = predicate is null ? result : [.. result.Union(schema.IndexesOf(predicate.Columns))];
        _filtered = predicate is null ? null : new ColumnBatch(_resultType, withKinds);
    }

    /// <summary>The positions of the columns to read among the schema's.</summary>
    public int[] Indexes { get; }

    /// <summary>The rows of a batch that are wanted.</summary>
    /// <param name="batch">The columns of <see cref="Indexes"/>.</param>
    /// <param name="limit">At most so many rows.</param>
    /// <returns>The columns wanted; valid until the next call or change of the batch.</returns>
    public ColumnBatch Apply(ColumnBatch batch, long limit)
    {
        if (_predicate is null && batch.RowCount <= limit)
        {
            return batch;
        }

        if (_predicate is null)
        {
            batch.Truncate((int)limit);
            return batch;
        }

        _predicate.Evaluate(batch, _selection);
        var count = _selection.Count;
        if (_rows.Length < count)
        {
            _rows = new int[Math.Max(count, batch.RowCount)];
        }

        _selection.CopyRowsTo(_rows);
        var rows = _rows.AsSpan(0, (int)Math.Min(count, limit));
        _filtered!.Clear();
        for (var i = 0; i < _resultCount; i++)
        {
            _filtered.Columns[i].AppendGather(batch.Columns[i], rows);
        }

        if (batch.Kinds is not null)
        {
            _filtered.Kinds?.AppendGather(batch.Kinds, rows);
        }

        _filtered.EndRows(rows.Length);
        return _filtered;
    }
}
