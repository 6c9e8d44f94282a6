using System.Buffers.Binary;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The distinct byte arrays of a chunk in the order they came, found by an open hash table.</summary>
/// <param name="maxBytes">The largest size in plain encoding.</param>
internal sealed class BinaryDictionary(int maxBytes)
{
    private byte[] _bytes = [];
    private int[] _offsets = [0];
    private uint[] _hashes = [];
    private int[] _slots = [];

    public int Count { get; private set; }

    public byte[] Bytes => _bytes;

    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The size in plain encoding.</summary>
    public int PlainBytes => _offsets[Count] + (Count * sizeof(int));

    public void Clear()
    {
        Count = 0;
        _slots.AsSpan().Clear();
    }

    /// <summary>Gives each value its index; false, and nothing is added, when the dictionary would grow too large.</summary>
    public bool TryIndex(byte[] bytes, ReadOnlySpan<int> offsets, Span<int> indexes)
    {
        var before = Count;
        Reserve(indexes.Length);
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = IndexOf(bytes.AsSpan(offsets[i], offsets[i + 1] - offsets[i]));
            if (PlainBytes > maxBytes)
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
        var mask = _slots.Length - 1;
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
        if (start + value.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max(start + (long)value.Length, Math.Max(4096, _bytes.Length * 2L)))));
        }

        value.CopyTo(_bytes.AsSpan(start));
        _hashes[Count++] = hash;
        _offsets[Count] = start + value.Length;
    }

    private void Reserve(int more)
    {
        var needed = Count + more;
        if (needed > _hashes.Length)
        {
            Array.Resize(ref _hashes, Math.Max(needed, _hashes.Length * 2));
            Array.Resize(ref _offsets, _hashes.Length + 1);
        }

        if (_slots.Length >= needed * 2)
        {
            return;
        }

        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed * 2)];
        var mask = _slots.Length - 1;
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
