using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Gathers the keys of a block or index (<see cref="PackedKeys"/>). Reusable; one thread.</summary>
/// <param name="isExact">Whether a prefix is the whole key.</param>
internal sealed class PackedKeysBuilder(bool isExact)
{
    private readonly List<ulong> _prefixes = [];
    private readonly List<uint> _ends = [];
    private readonly List<byte> _bytes = [];

    /// <summary>The number of keys.</summary>
    public int Count => _prefixes.Count;

    /// <summary>The bytes that <see cref="Write"/> needs.</summary>
    public long SizeBytes => ((long)_prefixes.Count * sizeof(ulong)) + ((long)_ends.Count * sizeof(uint)) + _bytes.Count;

    /// <summary>Adds a key, larger than those before it.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="index">The key.</param>
    public void Add(EncodedKeys keys, int index)
    {
        _prefixes.Add(keys.Prefixes[index]);
        if (!isExact)
        {
            _bytes.AddRange(keys[index]);
            _ends.Add((uint)_bytes.Count);
        }
    }

    /// <summary>Adds the last key of another builder.</summary>
    /// <param name="other">The builder, not empty.</param>
    public void AddLastOf(PackedKeysBuilder other)
    {
        _prefixes.Add(other._prefixes[^1]);
        if (!isExact)
        {
            var start = other._ends.Count > 1 ? other._ends[^2] : 0;
            _bytes.AddRange(CollectionsMarshal.AsSpan(other._bytes)[(int)start..]);
            _ends.Add((uint)_bytes.Count);
        }
    }

    /// <summary>Writes the keys.</summary>
    /// <param name="target">Room for <see cref="SizeBytes"/>.</param>
    public void Write(Span<byte> target)
    {
        foreach (var prefix in CollectionsMarshal.AsSpan(_prefixes))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, prefix);
            target = target[sizeof(ulong)..];
        }

        foreach (var end in CollectionsMarshal.AsSpan(_ends))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, end);
            target = target[sizeof(uint)..];
        }

        CollectionsMarshal.AsSpan(_bytes).CopyTo(target);
    }

    /// <summary>Removes all keys and keeps the buffers.</summary>
    public void Clear()
    {
        _prefixes.Clear();
        _ends.Clear();
        _bytes.Clear();
    }
}
