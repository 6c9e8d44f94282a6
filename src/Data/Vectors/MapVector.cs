using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>
/// A column of MAP, or of MULTISET (values are INT counts): Length + 1 offsets into the vectors of all keys and all values.
/// NULL rows are empty.
/// </summary>
public sealed class MapVector : ColumnVector
{
    private readonly OffsetBuffer _offsets = new();

    /// <summary>Makes an empty vector of maps.</summary>
    /// <param name="type">MAP.</param>
    public MapVector(MapType type)
        : base(type)
    {
        Keys = Create(type.Key);
        MapValues = Create(type.Value);
    }

    /// <summary>Makes an empty vector of multisets.</summary>
    /// <param name="type">MULTISET.</param>
    public MapVector(MultisetType type)
        : base(type)
    {
        Keys = Create(type.Element);
        MapValues = Create(DataTypes.Int.NotNull());
    }

    /// <summary>Row i's entries are those from offset i to offset i + 1.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.Span;

    /// <summary>The keys of all rows. Append a row's keys and values, then call <see cref="EndRow"/>.</summary>
    public ColumnVector Keys { get; }

    /// <summary>The values of all rows, as many as keys.</summary>
    public ColumnVector MapValues { get; }

    private protected override long ValueBytes => _offsets.SizeBytes + Keys.SizeBytes + MapValues.SizeBytes;

    private protected override long BufferBytes => _offsets.CapacityBytes + Keys.CapacityBytes + MapValues.CapacityBytes;

    /// <summary>Ends a row: its entries are those appended since the row before.</summary>
    public void EndRow()
    {
        _offsets.Append(Keys.Length);
        AddValid();
    }

    /// <summary>Ends many rows, whose entries have all been appended.</summary>
    /// <param name="lengths">Each row's entries, 0 where it is NULL.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    public void EndRows(ReadOnlySpan<int> lengths, ReadOnlySpan<byte> validity = default)
    {
        _offsets.AppendLengths(lengths);
        AddValidity(validity, lengths.Length);
    }

    private protected override void AppendDefaultValues(int count) => _offsets.Append(Keys.Length, count);

    private protected override void AppendValues(ColumnVector source, int start, int count)
    {
        var from = (MapVector)source;
        _offsets.AppendShifted(from.Offsets.Slice(start, count + 1), Keys.Length);
        var first = from.Offsets[start];
        var entries = from.Offsets[start + count] - first;
        Keys.AppendRange(from.Keys, first, entries);
        MapValues.AppendRange(from.MapValues, first, entries);
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
        Keys.Truncate(_offsets.Span[length]);
        MapValues.Truncate(_offsets.Span[length]);
    }

    private protected override void ClearValues()
    {
        _offsets.Truncate(0);
        Keys.Clear();
        MapValues.Clear();
    }
}
