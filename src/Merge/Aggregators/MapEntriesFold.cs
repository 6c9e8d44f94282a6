using System.Runtime.InteropServices;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>A fold of maps.</summary>
internal abstract class MapEntriesFold : ElementsFold
{
    private MapVector[] _maps = [];
    private ColumnVector[] _keys = [];

    /// <summary>The accumulator's entries by key.</summary>
    protected KeyedElements Entries { get; } = new();

    /// <summary>The values of the maps in every source.</summary>
    protected ColumnVector[] ValueVectors { get; private set; } = [];

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        _maps = new MapVector[sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            _maps[i] = (MapVector)sources[i];
        }

        _keys = Array.ConvertAll(_maps, map => map.Keys);
        ValueVectors = Array.ConvertAll(_maps, map => map.MapValues);
        Entries.Bind([_keys]);
    }

    /// <inheritdoc/>
    protected override void Load(RowReference version)
    {
        Entries.Begin(Elements);
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            Entries.Put(new RowReference(version.Source, i));
        }
    }

    /// <inheritdoc/>
    protected override void Add(RowReference version)
    {
        EnsureLoaded();
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            Merge(new RowReference(version.Source, i));
        }

        Entries.Compact();
    }

    /// <inheritdoc/>
    protected override void AddOlder(RowReference version)
    {
        EnsureLoaded();
        PutAside();
        Load(version);
        foreach (var entry in CollectionsMarshal.AsSpan(Aside))
        {
            Merge(entry);
        }

        Entries.Compact();
    }

    /// <summary>Adds an entry to those of older maps.</summary>
    protected abstract void Merge(RowReference entry);

    /// <summary>Where the entries of a version are in its source.</summary>
    protected (int Start, int End) RangeOf(RowReference version)
    {
        var offsets = _maps[version.Source].Offsets;
        return (offsets[version.Row], offsets[version.Row + 1]);
    }

    /// <inheritdoc/>
    protected sealed override void AppendValues(
        ColumnVector values, ReadOnlySpan<RowReference> results, ReadOnlySpan<int> lengths)
    {
        var target = (MapVector)values;
        target.Keys.AppendGather(_keys, results);
        target.MapValues.AppendGather(ValueVectors, results);
        target.EndRows(lengths);
    }
}
