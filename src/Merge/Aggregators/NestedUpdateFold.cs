using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>nested_update</c>: arrays of rows one after the other; with <c>nested-key</c> the newest row of each key. With
/// <c>count-limit</c> an array that is as long takes no more, and a shorter one as many rows as it lacks before keys are
/// compared. The first array stays as it is; rows that are NULL go with the second. Rows taken back remove all equal ones, or
/// those of their keys.
/// </summary>
internal sealed class NestedUpdateFold : ListElementsFold
{
    private readonly int[] _key;
    private readonly int _limit;
    private readonly KeyedElements _rows = new();
    private readonly ValueTable _retracted = new(asObjects: false);
    private readonly HashMapOrder? _order;
    private ColumnVector[][] _keyColumns = [];

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: the column is not ARRAY of ROW, or the key is none of its fields.</exception>
    public NestedUpdateFold(DataField field, TableOptions options)
    {
        if (field.Type is not ArrayType { Element: RowType row })
        {
            throw AggregatorRegistry.TypeError("nested_update", field, "ARRAY of ROW");
        }

        _key = NestedKey.Of(field, row, options);
        _limit = options.GetInt32($"fields.{field.Name}.count-limit", int.MaxValue);
        if (_key.Length > 0 && _limit < int.MaxValue)
        {
            _order = new HashMapOrder(new RowType([.. _key.Select(position => row.Fields[position])]));
        }
    }

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        base.Bind(sources);
        _keyColumns = NestedKey.ColumnsOf(ElementVectors, _key);
        _rows.Bind(_keyColumns);
        _retracted.Bind([ElementVectors]);
    }

    /// <inheritdoc/>
    protected override void Load(RowReference version)
    {
        _rows.Begin(Elements);
        Append(version, int.MaxValue);
    }

    /// <inheritdoc/>
    protected override void Add(RowReference version)
    {
        var count = IsVersion ? CountOf(Version) : Elements.Count;
        if (count < _limit)
        {
            EnsureLoaded();
            Append(version, _limit - count);
            Reorder(Elements.Count);
        }
    }

    /// <inheritdoc/>
    protected override void AddOlder(RowReference version)
    {
        var count = CountOf(version);
        if (count >= _limit)
        {
            Begin(version);
            return;
        }

        // A version as it stands may repeat keys, and all its rows count.
        var (newer, isVersion) = (Version, IsVersion);
        PutAside();
        Load(version);
        if (isVersion)
        {
            Append(newer, _limit - count);
        }
        else
        {
            foreach (var row in CollectionsMarshal.AsSpan(Aside)[..Math.Min(Aside.Count, _limit - count)])
            {
                Put(row);
            }
        }

        Reorder(Elements.Count);
    }

    /// <inheritdoc/>
    protected override void Retract(RowReference version)
    {
        EnsureLoaded();
        var count = Elements.Count;
        _retracted.Clear();
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            var row = new RowReference(version.Source, i);
            if (IsElementNull(row))
            {
                continue;
            }

            if (_key.Length > 0)
            {
                _rows.Remove(row);
            }
            else
            {
                _retracted.FindOrAdd(row, out _);
            }
        }

        if (_key.Length > 0)
        {
            _rows.Compact();
            Reorder(count);
        }
        else
        {
            Elements.RemoveAll(row => _retracted.Find(row) >= 0);
        }
    }

    private void Reorder(int keyCount)
    {
        if (_order is not null)
        {
            _order.Apply(Elements, _keyColumns, keyCount);
            _rows.Renumber();
        }
    }

    private int CountOf(RowReference version)
    {
        var (start, end) = RangeOf(version);
        return end - start;
    }

    private void Append(RowReference version, int limit)
    {
        var (start, end) = RangeOf(version);
        for (var i = start; i < end && limit > 0; i++)
        {
            var row = new RowReference(version.Source, i);
            if (!IsElementNull(row))
            {
                Put(row);
                limit--;
            }
        }
    }

    private void Put(RowReference row)
    {
        if (_key.Length > 0)
        {
            _rows.Put(row);
        }
        else
        {
            Elements.Add(row);
        }
    }
}
