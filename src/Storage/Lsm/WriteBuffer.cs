using System.Buffers;
using PaimonSharp.Data;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The memtable of a bucket: rows in arrival order, which is the order of their sequence numbers. A flush sorts the rows by key
/// and gives them out in blocks: all of them for the changelog, and one for each key for the data files; these two may run at
/// the same time. Else one thread.
/// </summary>
internal sealed class WriteBuffer
{
    private const int BlockRows = 32 * 1024;
    private const long BlockBytes = 16L << 20;
    private const long StepBytes = 4L << 20;

    private readonly KeyValueWriteContext _context;
    private readonly ColumnBatch _rows;
    private readonly FixedVector<RowKind>[] _kinds;
    private readonly EncodedKeys _keys;
    private readonly EncodedKeys? _sequenceKeys;
    private readonly ColumnBatch _allBlock;
    private readonly ColumnBatch _mergedBlock;
    private readonly MergePlan _plan = new();
    private int[] _order = [];

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="nextSequence">The sequence number of the next row.</param>
    public WriteBuffer(KeyValueWriteContext context, long nextSequence)
    {
        _context = context;
        _rows = new ColumnBatch(context.Schema.RowType, withKinds: true);
        _kinds = [_rows.Kinds!];
        _allBlock = new ColumnBatch(context.Schema.RowType, withKinds: true, withSequences: true);
        _mergedBlock = new ColumnBatch(context.Schema.RowType, withKinds: true, withSequences: true);
        _keys = context.KeyEncoder.CreateKeys();
        _sequenceKeys = context.SequenceEncoder?.CreateKeys();
        FirstSequence = nextSequence;
    }

    /// <summary>The rows in the buffer.</summary>
    public int RowCount => _rows.RowCount;

    /// <summary>The sequence number of the first row.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>Bytes in use, with what a flush will need to sort.</summary>
    public long SizeBytes => _rows.SizeBytes + (_rows.RowCount * 48L);

    /// <summary>Adds a range of rows.</summary>
    public void Append(ColumnBatch source, int start, int count) => _rows.AppendRange(source, start, count);

    /// <summary>Adds single rows.</summary>
    public void Append(ColumnBatch source, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < _rows.Columns.Count; i++)
        {
            _rows.Columns[i].AppendGather(source.Columns[i], rows);
        }

        if (source.Kinds is null)
        {
            _rows.Kinds!.AppendUninitialized(rows.Length).Clear();
        }
        else
        {
            _rows.Kinds!.AppendGather(source.Kinds, rows);
        }

        _rows.EndRows(rows.Length);
    }

    /// <summary>Sorts the rows by key, then age.</summary>
    public void Sort()
    {
        var keyColumns = _context.Layout.KeyIndexes.Select(index => _rows.Columns[index]).ToArray();
        _keys.Clear();
        _context.KeyEncoder.Encode(keyColumns, 0, RowCount, _keys);
        if (_order.Length < RowCount)
        {
            _order = new int[RowCount];
        }

        var order = _order.AsSpan(0, RowCount);
        KeySorter.Sort(_keys, order);
        if (_sequenceKeys is not null)
        {
            var columns = _context.SequenceIndexes.Select(index => _rows.Columns[index]).ToArray();
            _sequenceKeys.Clear();
            _context.SequenceEncoder!.Encode(columns, 0, RowCount, _sequenceKeys);
        }

        MakePlan(order);
    }

    /// <summary>Writes all rows in order, versions of a key oldest first.</summary>
    public async ValueTask WriteAllAsync(KeyValueFileWriter writer, CancellationToken cancellationToken)
    {
        for (var start = 0; start < RowCount;)
        {
            start += FillBlock(_allBlock, _plan.Rows[start..]);
            await writer.WriteAsync(_allBlock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes one row for each key, chosen by the merge engine.</summary>
    public async ValueTask WriteMergedAsync(KeyValueFileWriter writer, CancellationToken cancellationToken)
    {
        var selected = ArrayPool<RowReference>.Shared.Rent(_plan.GroupCount);
        try
        {
            var count = _context.Engine.Select(_plan, _kinds, dropRetracts: false, selected);
            for (var start = 0; start < count;)
            {
                start += FillBlock(_mergedBlock, selected.AsSpan(start, count - start));
                await writer.WriteAsync(_mergedBlock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<RowReference>.Shared.Return(selected);
        }
    }

    /// <summary>Empties the buffer; the next row gets the next sequence number.</summary>
    public void Clear()
    {
        FirstSequence += RowCount;
        _rows.Clear();
        _allBlock.Clear();
        _mergedBlock.Clear();
        _plan.Clear();
    }

    private void MakePlan(ReadOnlySpan<int> order)
    {
        _plan.Clear();
        for (var i = 0; i < order.Length; i++)
        {
            var row = new RowReference(0, order[i]);
            if (i > 0 && _keys.Compare(order[i - 1], order[i]) == 0)
            {
                _plan.Add(row);
            }
            else
            {
                SortLastGroup();
                _plan.BeginGroup(row);
            }
        }

        SortLastGroup();
    }

    private void SortLastGroup()
    {
        if (_sequenceKeys is null || _plan.GroupCount == 0 || _plan.LastGroup.Length < 2)
        {
            return;
        }

        _plan.LastGroup.Sort((left, right) =>
        {
            var order = _sequenceKeys.Compare(left.Row, right.Row);
            return order != 0 ? order : left.Row.CompareTo(right.Row);
        });
    }

    /// <summary>Takes the first of the rows given into the block, as many as its rows and bytes allow.</summary>
    private int FillBlock(ColumnBatch block, ReadOnlySpan<RowReference> rows)
    {
        rows = rows[..Math.Min(BlockRows, rows.Length)];
        var step = (int)Math.Clamp(StepBytes / Math.Max(1, _rows.SizeBytes / RowCount), 1, BlockRows);
        var count = 0;
        block.Clear();
        while (count < rows.Length && block.SizeBytes < BlockBytes)
        {
            var next = rows.Slice(count, Math.Min(step, rows.Length - count));
            AppendToBlock(block, next);
            count += next.Length;
        }

        return count;
    }

    private void AppendToBlock(ColumnBatch block, ReadOnlySpan<RowReference> rows)
    {
        var indexes = ArrayPool<int>.Shared.Rent(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            indexes[i] = rows[i].Row;
        }

        var picked = indexes.AsSpan(0, rows.Length);
        for (var i = 0; i < block.Columns.Count; i++)
        {
            block.Columns[i].AppendGather(_rows.Columns[i], picked);
        }

        block.Kinds!.AppendGather(_rows.Kinds!, picked);
        var sequences = block.Sequences!.AppendUninitialized(rows.Length);
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = FirstSequence + picked[i];
        }

        block.EndRows(rows.Length);
        ArrayPool<int>.Shared.Return(indexes);
    }
}
