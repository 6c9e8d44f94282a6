using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge;

/// <summary>A column of a <see cref="FoldingMerge"/>, with the buffers of its fold. One thread at a time.</summary>
internal sealed class FoldColumn
{
    private readonly DataField _field;
    private readonly ColumnFold? _fold;
    private readonly Aggregator? _aggregator;
    private FoldOutput? _output;
    private ColumnVector[] _sources = [];
    private RowReference[] _rows = [];

    /// <summary>A column that the version that stands for a key has the value of.</summary>
    /// <param name="field">The column.</param>
    public FoldColumn(DataField field) => _field = field;

    /// <summary>A column with a rule of its engine.</summary>
    /// <param name="field">The column.</param>
    /// <param name="lane">The number of its lane.</param>
    /// <param name="fold">The rule.</param>
    public FoldColumn(DataField field, int lane, ColumnFold fold)
        : this(field)
    {
        Lane = lane;
        _fold = fold;
    }

    /// <summary>A column with an aggregator.</summary>
    /// <param name="field">The column.</param>
    /// <param name="lane">The number of its lane.</param>
    /// <param name="aggregate">The aggregator with its options.</param>
    public FoldColumn(DataField field, int lane, ColumnAggregate aggregate)
        : this(field, lane, aggregate.CreateFold(field))
    {
        _aggregator = aggregate.Aggregator;
        IgnoresRetracts = aggregate.IgnoresRetracts;
    }

    /// <summary>The number of the lane that says what versions do.</summary>
    public int Lane { get; }

    /// <summary>True when versions that are taken back change nothing.</summary>
    public bool IgnoresRetracts { get; }

    /// <summary>True when the column has the value of the version that stands for a key.</summary>
    public bool IsSelected => _fold is null;

    /// <summary>Refuses versions that are taken back where the aggregator cannot do that.</summary>
    /// <exception cref="PaimonException">Invalid: it cannot.</exception>
    public void CheckRetracts()
    {
        if (_aggregator is { CanRetract: false } && !IgnoresRetracts)
        {
            throw ColumnAggregate.RetractError(_aggregator.Name, _field.Name);
        }
    }

    /// <summary>Appends the values of a range of results.</summary>
    /// <param name="input">The groups to fold.</param>
    /// <param name="places">The place of each of these groups among the results, counted like <paramref name="start"/>.</param>
    /// <param name="rows">The versions that stand for the results of the range.</param>
    /// <param name="start">The first result of the range.</param>
    /// <param name="target">The column of the results.</param>
    public void Gather(
        in FoldInput input, ReadOnlySpan<int> places, ReadOnlySpan<RowReference> rows, int start, ColumnVector target)
    {
        var sourceCount = input.Sources.Length;
        if (_sources.Length != sourceCount + 1)
        {
            _sources = new ColumnVector[sourceCount + 1];
            _output = new FoldOutput(_field.Type, sourceCount);
        }

        var output = _output!;
        output.Clear();
        _fold!.Fold(input, output);
        if (output.Count != places.Length)
        {
            throw new InvalidOperationException($"The fold of {_field} gave {output.Count} results for {places.Length} keys.");
        }

        input.Sources.CopyTo(_sources);
        _sources[sourceCount] = output.Values;
        target.AppendGather(_sources, rows.Length == places.Length ? output.Rows : Place(output.Rows, places, rows, start));
    }

    private ReadOnlySpan<RowReference> Place(
        ReadOnlySpan<RowReference> folded, ReadOnlySpan<int> places, ReadOnlySpan<RowReference> rows, int start)
    {
        if (_rows.Length < rows.Length)
        {
            _rows = new RowReference[rows.Length];
        }

        rows.CopyTo(_rows);
        for (var i = 0; i < places.Length; i++)
        {
            _rows[places[i] - start] = folded[i];
        }

        return _rows.AsSpan(0, rows.Length);
    }
}
