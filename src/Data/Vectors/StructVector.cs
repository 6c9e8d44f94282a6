using PaimonSharp.Data.Types;

namespace PaimonSharp.Data.Vectors;

/// <summary>A column of ROW: one child vector a field, each with a row for every row of this vector (NULL where it is NULL).</summary>
public sealed class StructVector : ColumnVector
{
    /// <summary>Makes an empty vector.</summary>
    /// <param name="type">ROW.</param>
    public StructVector(RowType type)
        : base(type) => Children = [.. type.Fields.Select(field => Create(field.Type))];

    /// <summary>The fields. Append one value to each, then call <see cref="EndRow"/>.</summary>
    public IReadOnlyList<ColumnVector> Children { get; }

    private protected override long ValueBytes => Children.Sum(child => child.SizeBytes);

    private protected override long BufferBytes => Children.Sum(child => child.CapacityBytes);

    /// <summary>Ends a row: every child must have been given its value.</summary>
    public void EndRow() => AddValid();

    /// <summary>Ends many rows, whose values have all been appended to the children (NULL where the row is NULL).</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="validity">A bit a row from bit 0 on, set = not NULL; empty when none is NULL.</param>
    public void EndRows(int count, ReadOnlySpan<byte> validity = default) => AddValidity(validity, count);

    private protected override void AppendDefaultValues(int count)
    {
        foreach (var child in Children)
        {
            child.AppendNulls(count);
        }
    }

    private protected override void AppendValues(ColumnVector source, int start, int count)
    {
        var from = (StructVector)source;
        for (var i = 0; i < Children.Count; i++)
        {
            Children[i].AppendRange(from.Children[i], start, count);
        }
    }

    private protected override void GatherValues(ColumnVector source, ReadOnlySpan<int> rows)
    {
        var from = (StructVector)source;
        for (var i = 0; i < Children.Count; i++)
        {
            Children[i].AppendGather(from.Children[i], rows);
        }
    }

    private protected override void GatherValues(ReadOnlySpan<ColumnVector> sources, ReadOnlySpan<RowReference> rows)
    {
        var children = new ColumnVector[sources.Length];
        for (var i = 0; i < Children.Count; i++)
        {
            for (var source = 0; source < sources.Length; source++)
            {
                children[source] = ((StructVector)sources[source]).Children[i];
            }

            Children[i].AppendGather(children, rows);
        }
    }

    private protected override void TruncateValues(int length)
    {
        foreach (var child in Children)
        {
            child.Truncate(length);
        }
    }

    private protected override void ClearValues()
    {
        foreach (var child in Children)
        {
            child.Clear();
        }
    }
}
