using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The memtable of a bucket: rows in arrival order, which is the order of their sequence numbers, in pages of bounded size, so
/// that it grows without copying and what was flushed serves the next bucket. A flush sorts the rows by key and gives them out
/// in blocks: all of them for the changelog, and one for each key for the data files; these two may run at the same time. Else
/// one thread.
/// </summary>
internal sealed class WriteBuffer
{
    private const int PageShift = 12;
    private const int PageRows = 1 << PageShift;
    private const long PageBytes = 1L << 20;
    private const int BlockRows = 32 * 1024;
    private const long StepBytes = 4L << 20;

    /// <summary>What sorting a row takes: its prefix, two entries of the sort, its places in the order and the plan.</summary>
    private const long SortRowBytes = 80;

    private readonly KeyValueWriteContext _context;
    private readonly List<ColumnBatch> _pages = [];

    /// <summary>The number of the first row of each page.</summary>
    private readonly List<int> _starts = [];
    private long _fullPageBytes;
    private FlushSpace? _space;
    private ColumnVector[][] _columns = [];
    private FixedVector<RowKind>[] _kinds = [];

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="nextSequence">The sequence number of the next row.</param>
    public WriteBuffer(KeyValueWriteContext context, long nextSequence)
    {
        _context = context;
        FirstSequence = nextSequence;
        AddPage(new ColumnBatch(context.Schema.RowType, withKinds: true));
    }

    /// <summary>The rows in the buffer.</summary>
    public int RowCount { get; private set; }

    /// <summary>The sequence number of the first row.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>Bytes of the pages, used or not, with what a flush will need to sort; 0 without rows.</summary>
    public long SizeBytes => RowCount == 0 ? 0 : _fullPageBytes + LastPage.CapacityBytes + (RowCount * SortRowBytes);

    private ColumnBatch LastPage => _pages[^1];

    /// <summary>Adds a range of rows.</summary>
    public void Append(ColumnBatch source, int start, int count)
    {
        while (count > 0)
        {
            var rows = Math.Min(count, MakeRoom(source));
            LastPage.AppendRange(source, start, rows);
            RowCount += rows;
            start += rows;
            count -= rows;
        }
    }

    /// <summary>Adds single rows.</summary>
    public void Append(ColumnBatch source, ReadOnlySpan<int> rows)
    {
        while (rows.Length > 0)
        {
            var count = Math.Min(rows.Length, MakeRoom(source));
            AppendGather(LastPage, source, rows[..count]);
            RowCount += count;
            rows = rows[count..];
        }
    }

    /// <summary>Sorts the rows by key, then age.</summary>
    public void Sort()
    {
        _space ??= _context.WriteMemory.RentSpace();
        _space.Clear();
        foreach (var page in _pages)
        {
            _context.KeyEncoder.Encode(
                [.. _context.Layout.KeyIndexes.Select(index => page.Columns[index])], 0, page.RowCount, _space.Keys);
            if (_space.SequenceKeys is not null)
            {
                _space.SequenceKeys.Encode(
                    [.. _context.SequenceIndexes.Select(index => page.Columns[index])], 0, page.RowCount);
            }
        }

        var order = _space.Order(RowCount);
        KeySorter.Sort(_space.Keys, order);
        MakePlan(_space, order);
        _columns = [.. Enumerable.Range(0, LastPage.Columns.Count).Select(i => _pages.Select(page => page.Columns[i]).ToArray())];
        _kinds = [.. _pages.Select(page => page.Kinds!)];
    }

    /// <summary>Writes all rows in order, versions of a key oldest first.</summary>
    public async ValueTask WriteAllAsync(KeyValueFileWriter writer, CancellationToken cancellationToken)
    {
        for (var start = 0; start < RowCount;)
        {
            start += FillBlock(_space!.AllBlock, _space.Plan.RowsMemory[start..]);
            await writer.WriteAsync(_space.AllBlock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives out one row for each key: what the merge engine makes of its rows.</summary>
    /// <param name="write">Takes blocks of them, in order; a block is good until it returns.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask WriteMergedAsync(
        Func<ColumnBatch, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        var space = _space!;
        space.Merge.Merge(new MergeInput { Plan = space.Plan, Kinds = _kinds, Columns = _columns });
        for (var start = 0; start < space.Merge.Result.Count;)
        {
            start += FillBlock(space.MergedBlock, space.Merge.Result.RowsMemory[start..], space.Merge, start);
            await write(space.MergedBlock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Empties the buffer; the next row gets the next sequence number.</summary>
    public void Clear()
    {
        FirstSequence += RowCount;
        RowCount = 0;
        for (var i = 1; i < _pages.Count; i++)
        {
            _context.WriteMemory.ReturnPage(_pages[i]);
        }

        // A bucket keeps its first page: one with few rows then takes no large page from the others.
        _pages.RemoveRange(1, _pages.Count - 1);
        _starts.RemoveRange(1, _starts.Count - 1);
        _pages[0].Clear();
        _fullPageBytes = 0;
        (_columns, _kinds) = ([], []);
        if (_space is not null)
        {
            _context.WriteMemory.ReturnSpace(_space);
            _space = null;
        }
    }

    private static void AppendGather(ColumnBatch page, ColumnBatch source, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < page.Columns.Count; i++)
        {
            page.Columns[i].AppendGather(source.Columns[i], rows);
        }

        if (source.Kinds is null)
        {
            page.Kinds!.AppendUninitialized(rows.Length).Clear();
        }
        else
        {
            page.Kinds!.AppendGather(source.Kinds, rows);
        }

        page.EndRows(rows.Length);
    }

    /// <summary>How many rows like those of a batch the last page takes, at least one; a full one is followed by another.</summary>
    private int MakeRoom(ColumnBatch source)
    {
        var used = LastPage.SizeBytes;
        if (LastPage.RowCount == PageRows || used >= PageBytes)
        {
            _fullPageBytes += LastPage.CapacityBytes;
            AddPage(_context.WriteMemory.RentPage());
            used = 0;
        }

        var rowBytes = Math.Max(1, source.SizeBytes / source.RowCount);
        return (int)Math.Clamp((PageBytes - used) / rowBytes, 1, PageRows - LastPage.RowCount);
    }

    private void AddPage(ColumnBatch page)
    {
        _starts.Add(RowCount);
        _pages.Add(page);
    }

    private void MakePlan(FlushSpace space, ReadOnlySpan<int> order)
    {
        var plan = space.Plan;
        var keys = space.Keys;
        var starts = CollectionsMarshal.AsSpan(_starts);
        var arePagesFull = starts[^1] == (starts.Length - 1) << PageShift;
        for (var i = 0; i < order.Length; i++)
        {
            var number = order[i];
            var row = arePagesFull ? new RowReference(number >> PageShift, number & (PageRows - 1)) : Find(starts, number);
            if (i > 0 && keys.Compare(order[i - 1], number) == 0)
            {
                plan.Add(row);
            }
            else
            {
                SortLastGroup(space);
                plan.BeginGroup(row);
            }
        }

        SortLastGroup(space);
    }

    private static RowReference Find(ReadOnlySpan<int> starts, int number)
    {
        var (low, high) = (0, starts.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = starts[middle] <= number ? (middle, high) : (low, middle - 1);
        }

        return new RowReference(low, number - starts[low]);
    }

    private void SortLastGroup(FlushSpace space)
    {
        if (space.SequenceKeys is not null && space.Plan.GroupCount > 0 && space.Plan.LastGroup.Length > 1)
        {
            SortBySequence(space.Plan.LastGroup, space.SequenceKeys);
        }
    }

    private void SortBySequence(Span<RowReference> group, SequenceKeys sequences) => group.Sort((left, right) =>
    {
        var (first, second) = (_starts[left.Source] + left.Row, _starts[right.Source] + right.Row);
        var order = sequences.Compare(first, sequences, second);
        return order != 0 ? order : first.CompareTo(second);
    });

    /// <summary>
    /// Takes the first of the rows given into the block, as many as its rows and bytes allow: as they are, or what a merge made
    /// of them, which they are the results of from a first one on.
    /// </summary>
    private int FillBlock(ColumnBatch block, ReadOnlyMemory<RowReference> rows, BoundMerge? merge = null, int first = 0)
    {
        rows = rows[..Math.Min(BlockRows, rows.Length)];
        var step = (int)Math.Clamp(StepBytes / Math.Max(1, _pages.Sum(page => page.SizeBytes) / RowCount), 1, BlockRows);
        var count = 0;
        block.Clear();
        while (count < rows.Length && block.SizeBytes < _context.Memory.BatchBytes)
        {
            var next = rows.Slice(count, Math.Min(step, rows.Length - count));
            if (merge is null)
            {
                ColumnLoop.Run(block.Columns, next.Length, i => block.Columns[i].AppendGather(_columns[i], next.Span));
                block.Kinds!.AppendGather(_kinds, next.Span);
            }
            else
            {
                var start = first + count;
                ColumnLoop.Run(block.Columns, next.Length, i => merge.Gather(i, start, next.Length, block.Columns[i]));
                block.Kinds!.AppendValues(merge.Result.Kinds.Slice(start, next.Length));
            }

            AppendSequences(block, next.Span);
            block.EndRows(next.Length);
            count += next.Length;
        }

        return count;
    }

    private void AppendSequences(ColumnBatch block, ReadOnlySpan<RowReference> rows)
    {
        var starts = CollectionsMarshal.AsSpan(_starts);
        var sequences = block.Sequences!.AppendUninitialized(rows.Length);
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = FirstSequence + starts[rows[i].Source] + rows[i].Row;
        }
    }
}
