using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>A fold of arrays.</summary>
internal abstract class ListElementsFold : ElementsFold
{
    private ListVector[] _lists = [];

    /// <summary>The elements of the arrays in every source.</summary>
    protected ColumnVector[] ElementVectors { get; private set; } = [];

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        _lists = new ListVector[sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            _lists[i] = (ListVector)sources[i];
        }

        ElementVectors = Array.ConvertAll(_lists, list => list.Elements);
    }

    /// <summary>Where the elements of a version are in its source.</summary>
    protected (int Start, int End) RangeOf(RowReference version)
    {
        var offsets = _lists[version.Source].Offsets;
        return (offsets[version.Row], offsets[version.Row + 1]);
    }

    /// <summary>True when an element is NULL.</summary>
    protected bool IsElementNull(RowReference element) => ElementVectors[element.Source].IsNull(element.Row);

    /// <summary>Appends the elements of some results.</summary>
    /// <param name="elements">Given them.</param>
    /// <param name="results">What they are gathered from.</param>
    protected virtual void AppendElements(ColumnVector elements, ReadOnlySpan<RowReference> results) =>
        elements.AppendGather(ElementVectors, results);

    /// <inheritdoc/>
    protected sealed override void AppendValues(
        ColumnVector values, ReadOnlySpan<RowReference> results, ReadOnlySpan<int> lengths)
    {
        var target = (ListVector)values;
        AppendElements(target.Elements, results);
        target.EndRows(lengths);
    }
}
