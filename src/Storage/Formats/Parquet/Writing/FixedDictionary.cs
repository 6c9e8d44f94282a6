namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The distinct values of a chunk in the order they came, found by an open hash table.</summary>
internal sealed class FixedDictionary<T, TCodec>(int maxValues)
    where T : unmanaged
    where TCodec : struct, IFixedCodec<T>
{
    private T[] _values = [];
    private int[] _slots = [];
    private int _count;

    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    public void Clear()
    {
        _count = 0;
        _slots.AsSpan().Clear();
    }

    /// <summary>Gives each value its index; false, and nothing is added, when there would be too many values.</summary>
    public bool TryIndex(ReadOnlySpan<T> values, Span<int> indexes)
    {
        var before = _count;
        Reserve(values.Length);
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            var slot = (int)((TCodec.Bits(value) * 0x9E3779B97F4A7C15) >> 40) & mask;
            while (true)
            {
                var index = slots[slot] - 1;
                if (index < 0)
                {
                    _values[_count++] = value;
                    slots[slot] = _count;
                    indexes[i] = _count - 1;
                    break;
                }

                if (TCodec.Same(_values[index], value))
                {
                    indexes[i] = index;
                    break;
                }

                slot = (slot + 1) & mask;
            }
        }

        if (_count <= maxValues)
        {
            return true;
        }

        _count = before;
        return false;
    }

    private void Reserve(int more)
    {
        var needed = _count + more;
        if (needed > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(needed, _values.Length * 2));
        }

        if (_slots.Length >= needed * 2)
        {
            return;
        }

        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed * 2)];
        var mask = _slots.Length - 1;
        for (var i = 0; i < _count; i++)
        {
            var slot = (int)((TCodec.Bits(_values[i]) * 0x9E3779B97F4A7C15) >> 40) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }
}
