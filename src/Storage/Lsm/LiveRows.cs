using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.DeletionVectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The rows of a window of a data file that its deletion vector leaves, and the vectors that windows are read into before the
/// rows that are left are copied out of them. For one thread at a time.
/// </summary>
/// <param name="deletions">The rows of the file that are deleted.</param>
internal sealed class LiveRows(DeletionVector deletions)
{
    private int[] _rows = [];
    private ColumnVector[]? _keys;
    private ColumnVector[]? _values;

    /// <summary>The rows of the window.</summary>
    public int WindowRows { get; private set; }

    /// <summary>The rows that are left, counted from the window's first.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>How many rows are left.</summary>
    public int Count { get; private set; }

    /// <summary>True when no row of the window is deleted.</summary>
    public bool IsWhole => Count == WindowRows;

    /// <summary>The sequence numbers of the window.</summary>
    public FixedVector<long> Sequences { get; } = new(KeyValueLayout.SequenceField.Type);

    /// <summary>Begins a window.</summary>
    /// <param name="start">The position of its first row in the file.</param>
    /// <param name="count">Its rows.</param>
    public void Begin(long start, int count)
    {
        WindowRows = count;
        Count = count - deletions.CountDeleted(start, count);
        if (IsWhole)
        {
            return;
        }

        if (_rows.Length < count)
        {
            _rows = new int[count];
        }

        deletions.FindLive(start, count, _rows);
    }

    /// <summary>Empty vectors for the columns that are read first.</summary>
    public ColumnVector[] ClearedKeys(RowType type) => Cleared(ref _keys, type);

    /// <summary>Empty vectors for the columns that are read afterwards.</summary>
    public ColumnVector[] ClearedValues(RowType type) => Cleared(ref _values, type);

    /// <summary>Copies the rows that are left.</summary>
    /// <param name="window">The columns of the window.</param>
    /// <param name="target">Where they are appended.</param>
    public void Gather(ColumnVector[] window, ColumnVector[] target)
    {
        for (var i = 0; i < window.Length; i++)
        {
            target[i].AppendGather(window[i], Rows);
        }
    }

    private static ColumnVector[] Cleared(ref ColumnVector[]? columns, RowType type)
    {
        columns ??= [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        foreach (var column in columns)
        {
            column.Clear();
        }

        return columns;
    }
}
