using System.Buffers.Binary;
using System.Numerics;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>
/// The distinct byte arrays of a chunk in the order they came, found by an open hash table. When the first values of a chunk are
/// nearly all different the others are not looked at.
/// </summary>
/// <param name="maxBytes">The largest size in plain encoding.</param>
internal sealed class BinaryDictionary(int maxBytes) : IDisposable
{
    private const int ProbeValues = 4096;

    private byte[] _bytes = [];
    private int[] _offsets = [0];
    private uint[] _hashes = [];
    private int[] _slots = [];
    private int _slotCount;

    public int Count { get; private set; }

    public byte[] Bytes => _bytes;

    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The size in plain encoding.</summary>
    public int PlainBytes => _offsets[Count] + (Count * sizeof(int));

    public void Clear()
    {
        Count = 0;
        _slots.AsSpan(0, _slotCount).Clear();
    }

    public void Dispose()
    {
        (Count, _slotCount) = (0, 0);
        PooledArray.Return(ref _bytes);
        PooledArray.Return(ref _offsets);
        PooledArray.Return(ref _hashes);
        PooledArray.Return(ref _slots);
    }

    /// <summary>Gives each value its index; false, and nothing is added, when the dictionary would grow too large.</summary>
    public bool TryIndex(byte[] bytes, ReadOnlySpan<int> offsets, Span<int> indexes)
    {
        var before = Count;
        Reserve(indexes.Length);
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = IndexOf(bytes.AsSpan(offsets[i], offsets[i + 1] - offsets[i]));
            if (PlainBytes > maxBytes || (before == 0 && i == ProbeValues && Count > ProbeValues / 8 * 7))
            {
                Count = before;
                return false;
            }
        }

        return true;
    }

    private int IndexOf(ReadOnlySpan<byte> value)
    {
        var hash = Hash(value);
        var mask = _slotCount - 1;
        for (var slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (index < 0)
            {
                Add(value, hash);
                _slots[slot] = Count;
                return Count - 1;
            }

            if (_hashes[index] == hash
                && value.SequenceEqual(_bytes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index])))
            {
                return index;
            }
        }
    }

    private void Add(ReadOnlySpan<byte> value, uint hash)
    {
        var start = _offsets[Count];
        PooledArray.Reserve(ref _bytes, start, checked(start + value.Length));
        value.CopyTo(_bytes.AsSpan(start));
        _hashes[Count++] = hash;
        _offsets[Count] = start + value.Length;
    }

    private void Reserve(int more)
    {
        var needed = Count + more;
        PooledArray.Reserve(ref _hashes, Count, needed);
        PooledArray.Reserve(ref _offsets, Count + 1, needed + 1);
        if (_slotCount >= needed * 2)
        {
            return;
        }

        _slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)needed * 2);
        PooledArray.Reserve(ref _slots, 0, _slotCount);
        _slots.AsSpan(0, _slotCount).Clear();
        var mask = _slotCount - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)_hashes[i] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> value)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)value.Length * Factor;
        while (value.Length >= 8)
        {
            hash = ulong.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value)) * Factor, 29);
            value = value[8..];
        }

        var rest = 0UL;
        for (var i = 0; i < value.Length; i++)
        {
            rest |= (ulong)value[i] << (8 * i);
        }

        hash = (hash ^ rest) * Factor;
        return (uint)(hash >> 32);
    }
}
