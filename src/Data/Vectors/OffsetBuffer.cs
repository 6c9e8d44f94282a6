namespace PaimonSharp.Data.Vectors;

/// <summary>The offsets of a nested vector: one more than it has rows, the first 0, never falling.</summary>
internal sealed class OffsetBuffer
{
    private int[] _offsets = new int[16];
    private int _rows;

    public ReadOnlySpan<int> Span => _offsets.AsSpan(0, _rows + 1);

    public long SizeBytes => (long)_rows * sizeof(int);

    public long CapacityBytes => (long)_offsets.Length * sizeof(int);

    public void Append(int offset) => Append(offset, 1);

    public void Append(int offset, int count)
    {
        Ensure(count);
        _offsets.AsSpan(_rows + 1, count).Fill(offset);
        _rows += count;
    }

    /// <summary>Appends the rows of another buffer's slice (one offset more than rows), moved to begin at an offset of ours.</summary>
    public void AppendShifted(ReadOnlySpan<int> slice, int start)
    {
        var count = slice.Length - 1;
        Ensure(count);
        var delta = start - slice[0];
        for (var i = 1; i <= count; i++)
        {
            _offsets[_rows + i] = slice[i] + delta;
        }

        _rows += count;
    }

    /// <summary>Appends rows by their lengths.</summary>
    public void AppendLengths(ReadOnlySpan<int> lengths)
    {
        Ensure(lengths.Length);
        var offset = _offsets[_rows];
        for (var i = 0; i < lengths.Length; i++)
        {
            offset = checked(offset + lengths[i]);
            _offsets[_rows + 1 + i] = offset;
        }

        _rows += lengths.Length;
    }

    public void Truncate(int rows) => _rows = rows;

    private void Ensure(int more)
    {
        var needed = checked(_rows + 1 + more);
        if (needed > _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(needed, (int)Math.Min(int.MaxValue / 2, (long)_offsets.Length * 2)));
        }
    }
}
