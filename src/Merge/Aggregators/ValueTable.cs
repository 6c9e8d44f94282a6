using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Finds values, of one column or of several together, among those added before. It names them by their places in the sources of
/// a fold and copies nothing. Reusable; one thread.
/// </summary>
/// <param name="asObjects">
/// True to compare as Java's objects do (<see cref="ValueHash.AreSame(ColumnVector, int, ColumnVector, int)"/>), false to compare
/// by <see cref="VectorEquality"/>.
/// </param>
internal sealed class ValueTable(bool asObjects)
{
    private readonly List<Entry> _entries = [];
    private ColumnVector[][] _columns = [];
    private int[] _buckets = new int[16];

    /// <summary>Removes all values and looks at other columns.</summary>
    /// <param name="columns">Each column in every source.</param>
    public void Bind(ColumnVector[][] columns)
    {
        _columns = columns;
        Clear();
    }

    /// <summary>Removes all values.</summary>
    public void Clear()
    {
        if (_entries.Count < _buckets.Length / 8)
        {
            foreach (var entry in _entries)
            {
                _buckets[entry.Hash & (_buckets.Length - 1)] = 0;
            }
        }
        else
        {
            _buckets.AsSpan().Clear();
        }

        _entries.Clear();
    }

    /// <summary>Finds a value.</summary>
    /// <param name="value">Where it is.</param>
    /// <returns>Its number, counted from 0 in the order of adding; -1 when it was not added.</returns>
    public int Find(RowReference value) => Find(value, HashOf(value));

    /// <summary>Finds a value or adds it.</summary>
    /// <param name="value">Where it is.</param>
    /// <param name="isNew">True when it was added.</param>
    /// <returns>Its number.</returns>
    public int FindOrAdd(RowReference value, out bool isNew)
    {
        var hash = HashOf(value);
        var found = Find(value, hash);
        isNew = found < 0;
        if (!isNew)
        {
            return found;
        }

        if (_entries.Count == _buckets.Length)
        {
            Grow();
        }

        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _entries.Add(new Entry(value, hash, bucket));
        bucket = _entries.Count;
        return _entries.Count - 1;
    }

    private int Find(RowReference value, int hash)
    {
        for (var i = _buckets[hash & (_buckets.Length - 1)]; i > 0; i = _entries[i - 1].Next)
        {
            if (_entries[i - 1].Hash == hash && AreEqual(_entries[i - 1].Value, value))
            {
                return i - 1;
            }
        }

        return -1;
    }

    private int HashOf(RowReference value)
    {
        var hash = 0;
        foreach (var column in _columns)
        {
            hash = (hash * 31) + ValueHash.Of(column[value.Source], value.Row);
        }

        return hash;
    }

    private bool AreEqual(RowReference left, RowReference right)
    {
        foreach (var column in _columns)
        {
            var (a, b) = (column[left.Source], column[right.Source]);
            if (!(asObjects ? ValueHash.AreSame(a, left.Row, b, right.Row) : VectorEquality.AreEqual(a, left.Row, b, right.Row)))
            {
                return false;
            }
        }

        return true;
    }

    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        for (var i = 0; i < _entries.Count; i++)
        {
            ref var bucket = ref _buckets[_entries[i].Hash & (_buckets.Length - 1)];
            _entries[i] = _entries[i] with { Next = bucket };
            bucket = i + 1;
        }
    }

    private readonly record struct Entry(RowReference Value, int Hash, int Next);
}
