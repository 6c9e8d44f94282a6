using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// Rows of several sources in merge order: keys ascending, and the versions of one key, oldest first, next to each other as a
/// group. It names rows only, so that every column can be folded or gathered by itself afterwards. Reusable; one thread.
/// <code>
/// rows    (0,0) (1,0) (0,1) (2,0) (1,1) (0,2)
/// groups  |-----------|     |     |-----------|       starts 0, 2, 3, 4 ...
/// </code>
/// </summary>
internal sealed class MergePlan
{
    private RowReference[] _rows = new RowReference[1024];
    private int[] _starts = new int[1024];
    private int _rowCount;
    private int _groupCount;

    /// <summary>All rows in merge order.</summary>
    public ReadOnlySpan<RowReference> Rows => _rows.AsSpan(0, _rowCount);

    /// <summary>All rows in merge order, for those who hand them to other threads; good until the next change.</summary>
    public ReadOnlyMemory<RowReference> RowsMemory => _rows.AsMemory(0, _rowCount);

    /// <summary>The number of keys.</summary>
    public int GroupCount => _groupCount;

    /// <summary>Where the versions of a key begin in <see cref="Rows"/>.</summary>
    /// <param name="group">0 to <see cref="GroupCount"/> - 1.</param>
    public int StartOf(int group) => _starts[group];

    /// <summary>Where the versions of a key end in <see cref="Rows"/>.</summary>
    /// <param name="group">0 to <see cref="GroupCount"/> - 1.</param>
    public int EndOf(int group) => group + 1 < _groupCount ? _starts[group + 1] : _rowCount;

    /// <summary>The versions of one key, oldest first.</summary>
    /// <param name="group">0 to <see cref="GroupCount"/> - 1.</param>
    public ReadOnlySpan<RowReference> this[int group]
    {
        get
        {
            var start = _starts[group];
            return _rows.AsSpan(start, EndOf(group) - start);
        }
    }

    /// <summary>Begins a group with its first row.</summary>
    /// <param name="row">The row.</param>
    public void BeginGroup(RowReference row)
    {
        if (_groupCount == _starts.Length)
        {
            Array.Resize(ref _starts, _starts.Length * 2);
        }

        _starts[_groupCount++] = _rowCount;
        Add(row);
    }

    /// <summary>Adds a row to the group begun last.</summary>
    /// <param name="row">The row.</param>
    public void Add(RowReference row)
    {
        if (_rowCount == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        _rows[_rowCount++] = row;
    }

    /// <summary>The rows of the group begun last, to be put in order.</summary>
    public Span<RowReference> LastGroup => _rows.AsSpan(_starts[_groupCount - 1], _rowCount - _starts[_groupCount - 1]);

    /// <summary>Adds a range of one source whose keys are all different and in no other source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="start">Its first row.</param>
    /// <param name="count">How many rows.</param>
    public void AddUnique(int source, int start, int count)
    {
        for (var row = start; row < start + count; row++)
        {
            BeginGroup(new RowReference(source, row));
        }
    }

    /// <summary>Removes all rows and keeps the buffers.</summary>
    public void Clear()
    {
        _rowCount = 0;
        _groupCount = 0;
    }
}
