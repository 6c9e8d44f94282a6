using System.Diagnostics;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>
/// The unit of data everywhere: the columns of some rows, and optionally each row's kind and sequence number. Reusable like
/// its vectors. All vectors that are present have <see cref="RowCount"/> rows once a row is complete.
/// </summary>
public sealed class ColumnBatch
{
    private readonly ColumnVector[] _columns;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="rowType">The columns.</param>
    /// <param name="withKinds">True to keep a kind for every row; without, all rows are <see cref="RowKind.Insert"/>.</param>
    /// <param name="withSequences">True to keep a sequence number for every row.</param>
    public ColumnBatch(RowType rowType, bool withKinds = false, bool withSequences = false)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        RowType = rowType;
        _columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        Kinds = withKinds ? new FixedVector<RowKind>(DataTypes.TinyInt.NotNull()) : null;
        Sequences = withSequences ? new FixedVector<long>(DataTypes.BigInt.NotNull()) : null;
    }

    /// <summary>Makes a batch of vectors that exist, all of the same length.</summary>
    /// <param name="rowType">The columns.</param>
    /// <param name="columns">A vector a field.</param>
    /// <param name="rowCount">The rows; needed when there is no column.</param>
    /// <param name="kinds">The kinds, null when all are <see cref="RowKind.Insert"/>.</param>
    /// <param name="sequences">The sequence numbers, if any.</param>
    public ColumnBatch(
        RowType rowType,
        IReadOnlyList<ColumnVector> columns,
        int rowCount,
        FixedVector<RowKind>? kinds = null,
        FixedVector<long>? sequences = null)
    {
        ArgumentNullException.ThrowIfNull(rowType);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count != rowType.Fields.Count)
        {
            throw new ArgumentException($"{rowType.Fields.Count} fields but {columns.Count} columns.", nameof(columns));
        }

        RowType = rowType;
        _columns = [.. columns];
        Kinds = kinds;
        Sequences = sequences;
        RowCount = rowCount;
        CheckLengths();
    }

    /// <summary>The names and types of the columns.</summary>
    public RowType RowType { get; }

    /// <summary>One vector a field.</summary>
    public IReadOnlyList<ColumnVector> Columns => _columns;

    /// <summary>Each row's kind; null when all rows are <see cref="RowKind.Insert"/>.</summary>
    public FixedVector<RowKind>? Kinds { get; }

    /// <summary>Each row's sequence number, where the batch has them.</summary>
    public FixedVector<long>? Sequences { get; }

    /// <summary>The complete rows. Whoever appends to the vectors calls <see cref="EndRows"/> when rows are complete.</summary>
    public int RowCount { get; private set; }

    /// <summary>Bytes in use by all vectors.</summary>
    public long SizeBytes
    {
        get
        {
            var size = (Kinds?.SizeBytes ?? 0) + (Sequences?.SizeBytes ?? 0);
            foreach (var column in _columns)
            {
                size += column.SizeBytes;
            }

            return size;
        }
    }

    /// <summary>Bytes of the buffers of all vectors, used or not.</summary>
    public long CapacityBytes
    {
        get
        {
            var size = (Kinds?.CapacityBytes ?? 0) + (Sequences?.CapacityBytes ?? 0);
            foreach (var column in _columns)
            {
                size += column.CapacityBytes;
            }

            return size;
        }
    }

    /// <summary>The kind of a row.</summary>
    /// <param name="row">0 to <see cref="RowCount"/> - 1.</param>
    public RowKind KindOf(int row) => Kinds is null ? RowKind.Insert : Kinds.Values[row];

    /// <summary>Declares rows complete: every vector has been given their values.</summary>
    /// <param name="count">How many rows.</param>
    public void EndRows(int count)
    {
        RowCount += count;
        CheckLengths();
    }

    /// <summary>Appends a range of rows of a batch with the same columns.</summary>
    /// <param name="source">The batch to copy from.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    public void AppendRange(ColumnBatch source, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].AppendRange(source._columns[i], start, count);
        }

        if (Kinds is not null)
        {
            if (source.Kinds is null)
            {
                Kinds.AppendUninitialized(count).Clear();
            }
            else
            {
                Kinds.AppendRange(source.Kinds, start, count);
            }
        }

        if (Sequences is not null && source.Sequences is not null)
        {
            Sequences.AppendRange(source.Sequences, start, count);
        }

        EndRows(count);
    }

    /// <summary>Takes back rows that were begun or completed after a row count.</summary>
    /// <param name="rowCount">The rows to keep.</param>
    public void Truncate(int rowCount)
    {
        foreach (var column in _columns)
        {
            column.Truncate(rowCount);
        }

        Kinds?.Truncate(rowCount);
        Sequences?.Truncate(rowCount);
        RowCount = rowCount;
    }

    /// <summary>Removes all rows and keeps the buffers.</summary>
    public void Clear()
    {
        foreach (var column in _columns)
        {
            column.Clear();
        }

        Kinds?.Clear();
        Sequences?.Clear();
        RowCount = 0;
    }

    [Conditional("DEBUG")]
    private void CheckLengths()
    {
        foreach (var column in _columns)
        {
            Debug.Assert(column.Length == RowCount, "a column is longer or shorter than the batch");
        }

        Debug.Assert(Kinds is null || Kinds.Length == RowCount, "kinds are longer or shorter than the batch");
        Debug.Assert(Sequences is null || Sequences.Length == RowCount, "sequences are longer or shorter than the batch");
    }
}
