using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// Receives one result for every group that a column's fold walks: a version whose value is the result, NULL, or a value that
/// the fold computed. Reusable; one thread.
/// </summary>
internal sealed class FoldOutput
{
    private readonly int _computed;
    private RowReference[] _rows = [];

    /// <summary>Makes an empty output.</summary>
    /// <param name="type">The column's type.</param>
    /// <param name="sourceCount">The sources of the column; computed values are one source more.</param>
    public FoldOutput(DataType type, int sourceCount)
    {
        _computed = sourceCount;
        Values = ColumnVector.Create(type.Nullable());
        Values.AppendNull();
    }

    /// <summary>Computed values; row 0 is NULL. Append one, then call <see cref="AppendComputed()"/>.</summary>
    public ColumnVector Values { get; }

    /// <summary>The results so far.</summary>
    public int Count { get; private set; }

    /// <summary>Where each result's value is; the source behind the last is <see cref="Values"/>.</summary>
    public ReadOnlySpan<RowReference> Rows => _rows.AsSpan(0, Count);

    /// <summary>A group's result is the value of a version.</summary>
    /// <param name="row">The version.</param>
    public void AppendRow(RowReference row)
    {
        if (Count == _rows.Length)
        {
            Grow(Count + 1);
        }

        _rows[Count++] = row;
    }

    /// <summary>A group's result is NULL.</summary>
    public void AppendNull() => AppendRow(new RowReference(_computed, 0));

    /// <summary>A group's result is the row appended to <see cref="Values"/> last.</summary>
    public void AppendComputed() => AppendRow(new RowReference(_computed, Values.Length - 1));

    /// <summary>A group's result is a row of <see cref="Values"/> that the fold has not appended yet.</summary>
    /// <param name="ahead">1 for the row that will be appended next.</param>
    public void AppendComputedAhead(int ahead) => AppendRow(new RowReference(_computed, Values.Length - 1 + ahead));

    /// <summary>The results of several groups are the rows appended to <see cref="Values"/> last.</summary>
    /// <param name="count">How many.</param>
    public void AppendComputed(int count)
    {
        if (Count + count > _rows.Length)
        {
            Grow(Count + count);
        }

        var first = Values.Length - count;
        for (var i = 0; i < count; i++)
        {
            _rows[Count + i] = new RowReference(_computed, first + i);
        }

        Count += count;
    }

    /// <summary>Removes all results and keeps the buffers.</summary>
    public void Clear()
    {
        Count = 0;
        Values.Truncate(1);
    }

    private void Grow(int needed) => Array.Resize(ref _rows, Math.Max(Math.Max(64, needed), _rows.Length * 2));
}
