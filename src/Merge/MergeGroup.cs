using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>The versions of one key, oldest first.</summary>
internal readonly ref struct MergeGroup
{
    private readonly ReadOnlySpan<RowReference> _rows;
    private readonly ReadOnlySpan<FixedVector<RowKind>> _kinds;

    /// <summary>Makes a view.</summary>
    /// <param name="rows">The versions.</param>
    /// <param name="kinds">The kinds of each source's rows.</param>
    public MergeGroup(ReadOnlySpan<RowReference> rows, ReadOnlySpan<FixedVector<RowKind>> kinds)
    {
        _rows = rows;
        _kinds = kinds;
    }

    /// <summary>The number of versions.</summary>
    public int Count => _rows.Length;

    /// <summary>The kind of a version.</summary>
    /// <param name="version">0 for the oldest.</param>
    public RowKind KindOf(int version) => _kinds[_rows[version].Source].Values[_rows[version].Row];
}
