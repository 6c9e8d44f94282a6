using System.Numerics;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>
/// The distinct values of a chunk in the order they came, found by an open hash table. When the first values of a chunk are
/// nearly all different the others are not looked at.
/// </summary>
internal sealed class FixedDictionary<T, TCodec>(int maxValues) : IDisposable
    where T : unmanaged
    where TCodec : struct, IFixedCodec<T>
{
    private const int ProbeValues = 4096;

    private T[] _values = [];
    private int[] _slots = [];
    private int _slotCount;
    private int _count;

    public ReadOnlySpan<T> Values => _values.AsSpan(0, _count);

    public void Clear()
    {
        _count = 0;
        _slots.AsSpan(0, _slotCount).Clear();
    }

    public void Dispose()
    {
        (_count, _slotCount) = (0, 0);
        PooledArray.Return(ref _values);
        PooledArray.Return(ref _slots);
    }

    /// <summary>Gives each value its index; false, and nothing is added, when there would be too many values.</summary>
    public bool TryIndex(ReadOnlySpan<T> values, Span<int> indexes)
    {
        var before = _count;
        if (before == 0 && values.Length > ProbeValues)
        {
            Reserve(ProbeValues);
            Index(values[..ProbeValues], indexes);
            if (_count > ProbeValues / 8 * 7)
            {
                _count = before;
                return false;
            }

            Reserve(values.Length - ProbeValues);
            Index(values[ProbeValues..], indexes[ProbeValues..]);
        }
        else
        {
            Reserve(values.Length);
            Index(values, indexes);
        }

        if (_count <= maxValues)
        {
            return true;
        }

        _count = before;
        return false;
    }

    private void Index(ReadOnlySpan<T> values, Span<int> indexes)
    {
        var slots = _slots;
        var mask = _slotCount - 1;
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
    }

    private void Reserve(int more)
    {
        var needed = _count + more;
        PooledArray.Reserve(ref _values, _count, needed);
        if (_slotCount >= needed * 2)
        {
            return;
        }

        _slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)needed * 2);
        PooledArray.Reserve(ref _slots, 0, _slotCount);
        _slots.AsSpan(0, _slotCount).Clear();
        var mask = _slotCount - 1;
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
