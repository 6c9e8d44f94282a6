namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// A compressed set of 64-bit numbers: a container for each range of 65536 numbers that holds some, found by the upper 48 bits
/// in a <see cref="KeyTree"/> (docs/format.md#roaring-bitmaps-64). One thread.
/// </summary>
internal sealed class RoaringBitmap64
{
    private RoaringContainer?[] _containers;
    private int _last;

    /// <summary>Makes an empty set.</summary>
    public RoaringBitmap64()
        : this(new KeyTree(), [], -1)
    {
    }

    /// <summary>Makes a set of what was read.</summary>
    /// <param name="keys">The upper 48 bits of the numbers and where their containers are.</param>
    /// <param name="containers">The containers; the room behind the last one, and that of those taken out, is empty.</param>
    /// <param name="last">The place given last; -1 for none.</param>
    public RoaringBitmap64(KeyTree keys, RoaringContainer?[] containers, int last) =>
        (Keys, _containers, _last) = (keys, containers, last);

    /// <summary>The upper 48 bits of the numbers, and where their containers are.</summary>
    public KeyTree Keys { get; }

    /// <summary>The containers by place; null where there is none.</summary>
    public ReadOnlySpan<RoaringContainer?> Containers => _containers;

    /// <summary>The place given last; -1 for none.</summary>
    public int LastPlace => _last;

    /// <summary>The numbers in it.</summary>
    public long Cardinality => _containers.Sum(container => (long)(container?.Cardinality ?? 0));

    /// <summary>Adds a number.</summary>
    public void Add(ulong value)
    {
        var key = value >> 16;
        var place = Keys.Find(key);
        if (place < 0)
        {
            Insert(key, ArrayContainer.Of((ushort)value));
            return;
        }

        _containers[place] = _containers[place]!.Add((ushort)value, out _);
    }

    /// <summary>True when a number is in the set.</summary>
    public bool Contains(ulong value)
    {
        var place = Keys.Find(value >> 16);
        return place >= 0 && _containers[place]!.Contains((ushort)value);
    }

    /// <summary>Adds all numbers of another set.</summary>
    public void Unite(RoaringBitmap64 other)
    {
        foreach (var (key, otherPlace) in other.Keys.Leaves())
        {
            var container = other._containers[otherPlace]!;
            var place = Keys.Find(key);
            if (place < 0)
            {
                Insert(key, container.Clone());
            }
            else
            {
                _containers[place] = RoaringContainer.Unite(_containers[place]!, container);
            }
        }
    }

    /// <summary>Makes runs of the containers that are smaller so; others stay as they are.</summary>
    public void Optimize()
    {
        for (var i = 0; i < _containers.Length; i++)
        {
            if (_containers[i]?.Optimize() is RunContainer runs)
            {
                _containers[i] = runs;
            }
        }
    }

    // Room grows by half, from 1: the serialized form shows it.
    private void Insert(ulong key, RoaringContainer container)
    {
        _last++;
        if (_last >= _containers.Length)
        {
            Array.Resize(ref _containers, Math.Max(_last + 1, _containers.Length + (_containers.Length / 2)));
        }

        _containers[_last] = container;
        Keys.Insert(key, _last);
    }
}
