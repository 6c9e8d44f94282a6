using System.Runtime.InteropServices;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>collect</c>: arrays one after the other. With <c>distinct</c> elements that are there are not added again. Each
/// element taken back removes one that is equal, the first.
/// </summary>
internal sealed class CollectFold : ListElementsFold
{
    private readonly bool _isDistinct;
    private readonly bool _hasNestedElements;
    private readonly bool _putsOlderFirst;
    private readonly ValueTable _known;
    private readonly ValueTable _retracted;
    private readonly List<int> _retractedCounts = [];
    private bool _isKnown;

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the column is not ARRAY.</exception>
    public CollectFold(DataField field, TableOptions options)
    {
        if (field.Type is not ArrayType array)
        {
            throw AggregatorRegistry.TypeError("collect", field, "ARRAY");
        }

        _isDistinct = options.GetBoolean($"fields.{field.Name}.distinct", false);
        _putsOlderFirst = options.GetBoolean($"fields.{field.Name}.ignore-retract", false);
        _hasNestedElements = array.Element is ArrayType or MapType or MultisetType or RowType;
        _known = new ValueTable(asObjects: !_hasNestedElements);
        _retracted = new ValueTable(asObjects: !_hasNestedElements);
    }

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        base.Bind(sources);
        _known.Bind([ElementVectors]);
        _retracted.Bind([ElementVectors]);
    }

    /// <inheritdoc/>
    protected override void Load(RowReference version)
    {
        _isKnown = false;
        Append(version);
    }

    /// <inheritdoc/>
    protected override void Touch(bool isFirst, bool isOlder)
    {
        // As in Paimon nested elements of what comes first are taken to be distinct already.
        var isSecond = isFirst != (isOlder && _putsOlderFirst);
        if (_isDistinct && (isSecond || !_hasNestedElements))
        {
            Know(keepsRepeats: false);
        }
    }

    /// <inheritdoc/>
    protected override void Add(RowReference version)
    {
        if (!_isDistinct)
        {
            EnsureLoaded();
            Append(version);
            return;
        }

        Know(keepsRepeats: _hasNestedElements);
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            AddElement(new RowReference(version.Source, i));
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// As in Paimon the elements of the older array come last all the same; but first where retractions are ignored, which an
    /// aggregator around this one does there, in the usual order.
    /// </remarks>
    protected override void AddOlder(RowReference version)
    {
        if (!_putsOlderFirst)
        {
            Add(version);
            return;
        }

        EnsureLoaded();
        PutAside();
        Load(version);
        if (_isDistinct)
        {
            Know(keepsRepeats: _hasNestedElements);
        }

        foreach (var element in CollectionsMarshal.AsSpan(Aside))
        {
            AddElement(element);
        }
    }

    /// <inheritdoc/>
    protected override void Retract(RowReference version)
    {
        var (start, end) = RangeOf(version);
        if (start == end)
        {
            return;
        }

        EnsureLoaded();
        _retracted.Clear();
        _retractedCounts.Clear();
        for (var i = start; i < end; i++)
        {
            var number = _retracted.FindOrAdd(new RowReference(version.Source, i), out var isNew);
            if (isNew)
            {
                _retractedCounts.Add(0);
            }

            _retractedCounts[number]++;
        }

        var kept = 0;
        for (var i = 0; i < Elements.Count; i++)
        {
            var element = Elements[i];
            var number = _retracted.Find(element);
            if (number >= 0 && _retractedCounts[number] > 0)
            {
                _retractedCounts[number]--;
            }
            else
            {
                Elements[kept++] = element;
            }
        }

        Elements.RemoveRange(kept, Elements.Count - kept);
        _isKnown = false;
    }

    private void AddElement(RowReference element)
    {
        var isNew = true;
        if (_isDistinct)
        {
            _known.FindOrAdd(element, out isNew);
        }

        if (isNew)
        {
            Elements.Add(element);
        }
    }

    private void Append(RowReference version)
    {
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            Elements.Add(new RowReference(version.Source, i));
        }
    }

    private void Know(bool keepsRepeats)
    {
        EnsureLoaded();
        if (_isKnown)
        {
            return;
        }

        _isKnown = true;
        _known.Clear();
        var kept = 0;
        for (var i = 0; i < Elements.Count; i++)
        {
            var element = Elements[i];
            _known.FindOrAdd(element, out var isNew);
            if (isNew || keepsRepeats)
            {
                Elements[kept++] = element;
            }
        }

        Elements.RemoveRange(kept, Elements.Count - kept);
    }
}
