using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>A column of ARRAY: Length + 1 offsets into the vector of all elements. NULL rows are empty.</summary>
public sealed class ListVector : ColumnVector
{
    private readonly OffsetBuffer _offsets = new();

    /// <summary>Makes an empty vector.</summary>
    /// <param name="type">ARRAY.</param>
    public ListVector(ArrayType type)
        : base(type) => Elements = Create(type.Element);

    /// <summary>Row i's elements are those from offset i to offset i + 1.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.Span;

    /// <summary>The elements of all rows. Append a row's elements here, then call <see cref="EndRow"/>.</summary>
    public ColumnVector Elements { get; }

    private protected override long ValueBytes => _offsets.SizeBytes + Elements.SizeBytes;

    private protected override long BufferBytes => _offsets.CapacityBytes + Elements.CapacityBytes;

    /// <summary>Ends a row: its elements are those appended to <see cref="Elements"/> since the row before.</summary>
    public void EndRow()
    {
        _offsets.Append(Elements.Length);
        AddValid();
    }

    /// <summary>Ends many rows, whose elements have all been appended.</summary>
    /// <param name="lengths">Each row's elements, 0 where it is NULL.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    public void EndRows(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> validity = default)
    {
        _offsets.AppendLengths(lengths);
        AddValidity(validity, lengths.Length);
    }

    private protected override void AppendDefaultValues(int count) => _offsets.Append(Elements.Length, count);

    private protected override void AppendValues(ColumnVector source, int start, int count)
    {
        var from = (ListVector)source;
        _offsets.AppendShifted(from.Offsets.Slice(start, count + 1), Elements.Length);
        Elements.AppendRange(from.Elements, from.Offsets[start], from.Offsets[start + count] - from.Offsets[start]);
    }

    private protected override void GatherValues(ColumnVector source, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            AppendValues(source, row, 1);
        }
    }

    private protected override void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        foreach (var row in rows)
        {
            AppendValues(sources[row.Source], row.Row, 1);
        }
    }

    private protected override void TruncateValues(int length)
    {
        _offsets.Truncate(length);
        Elements.Truncate(_offsets.Span[length]);
    }

    private protected override void ClearValues()
    {
        _offsets.Truncate(0);
        Elements.Clear();
    }
}
