using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>Which keys of a plan have a result, and of what kind. Reusable; one thread appends.</summary>
internal sealed class MergeResult
{
    private int[] _groups = [];
    private RowReference[] _rows = [];
    private RowKind[] _kinds = [];

    /// <summary>The number of results.</summary>
    public int Count { get; private set; }

    /// <summary>Each result's group in the plan, ascending.</summary>
    public ReadOnlySpan<int> Groups => _groups.AsSpan(0, Count);

    /// <summary>
    /// The version that stands for each result: it gives the sequence number and the columns that are not folded.
    /// </summary>
    public ReadOnlySpan<RowReference> Rows => _rows.AsSpan(0, Count);

    /// <summary>The same for those who wait in between; good until the next merge.</summary>
    public ReadOnlyMemory<RowReference> RowsMemory => _rows.AsMemory(0, Count);

    /// <summary>Each result's kind.</summary>
    public ReadOnlySpan<RowKind> Kinds => _kinds.AsSpan(0, Count);

    /// <summary>Removes all results and makes room.</summary>
    /// <param name="capacity">The most results that will be appended.</param>
    public void Clear(int capacity)
    {
        Count = 0;
        if (_groups.Length < capacity)
        {
            _groups = new int[capacity];
            _rows = new RowReference[capacity];
            _kinds = new RowKind[capacity];
        }
    }

    /// <summary>Appends a result.</summary>
    /// <param name="group">The key's group.</param>
    /// <param name="row">The version that stands for it.</param>
    /// <param name="kind">What the result is.</param>
    public void Append(int group, RowReference row, RowKind kind)
    {
        var count = Count;
        _groups[count] = group;
        _rows[count] = row;
        _kinds[count] = kind;
        Count = count + 1;
    }
}
