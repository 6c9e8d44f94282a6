using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Keys;

/// <summary>
/// Keys as bytes whose order is that of the keys (<see cref="KeyEncoder"/>). The first 8 bytes of each key, padded with zeros,
/// are kept as one big-endian integer that decides almost every comparison; where all keys fit in it, there is nothing else.
/// Reusable: <see cref="Clear"/> keeps the buffers. One thread appends at a time; spans are valid until the next append.
/// </summary>
public sealed class EncodedKeys
{
    /// <summary>The bytes of a key that its prefix holds.</summary>
    public const int PrefixBytes = sizeof(ulong);

    private ulong[] _prefixes = [];
    private int[] _offsets = [0];
    private byte[] _bytes = [];
    private int[] _cursors = [];

    internal EncodedKeys(bool isPrefixExact) => IsPrefixExact = isPrefixExact;

    /// <summary>True when a prefix is the whole key: equal prefixes are equal keys, and <see cref="this"/> is empty.</summary>
    public bool IsPrefixExact { get; }

    /// <summary>The number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>The first 8 bytes of each key, padded with zeros, as big-endian integers.</summary>
    public ReadOnlySpan<ulong> Prefixes => _prefixes.AsSpan(0, Count);

    /// <summary>Bytes in use.</summary>
    public long SizeBytes => ((long)Count * (sizeof(ulong) + sizeof(int))) + _offsets[IsPrefixExact ? 0 : Count];

    /// <summary>All bytes of a key; empty where <see cref="IsPrefixExact"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsPrefixExact ? default : _bytes.AsSpan(_offsets[index], _offsets[index + 1] - _offsets[index]);
    }

    /// <summary>The order of two keys of this set.</summary>
    /// <param name="left">The index of a key.</param>
    /// <param name="right">The index of another.</param>
    /// <returns>Negative, zero or positive as the left key is before, equal to or after the right one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Compare(int left, int right)
    {
        var a = _prefixes[left];
        var b = _prefixes[right];
        return a != b ? (a < b ? -1 : 1) : IsPrefixExact ? 0 : CompareRest(this, left, this, right);
    }

    /// <summary>The order of a key of this set and one of another set of the same encoder's key type.</summary>
    /// <param name="index">The index of a key of this set.</param>
    /// <param name="other">The other set.</param>
    /// <param name="otherIndex">The index of a key there.</param>
    /// <returns>Negative, zero or positive as this set's key is before, equal to or after the other's.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Compare(int index, EncodedKeys other, int otherIndex)
    {
        var a = _prefixes[index];
        var b = other._prefixes[otherIndex];
        return a != b ? (a < b ? -1 : 1) : IsPrefixExact ? 0 : CompareRest(this, index, other, otherIndex);
    }

    /// <summary>The first key at or after <paramref name="start"/> that is not before another set's key, in ascending keys.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="other">The other set.</param>
    /// <param name="otherIndex">The index of a key there.</param>
    /// <returns>An index from <paramref name="start"/> to <see cref="Count"/>.</returns>
    public int LowerBound(int start, EncodedKeys other, int otherIndex)
    {
        ArgumentNullException.ThrowIfNull(other);
        var low = start;
        var high = Count;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) >> 1);
            if (Compare(middle, other, otherIndex) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Adds a key of another set of the same encoder's key type.</summary>
    /// <param name="source">The other set.</param>
    /// <param name="index">The index of a key there.</param>
    public void Add(EncodedKeys source, int index)
    {
        ArgumentNullException.ThrowIfNull(source);
        var prefix = source._prefixes[index];
        if (!IsPrefixExact)
        {
            var bytes = source[index];
            EnsureOffsets(1);
            var start = _offsets[Count];
            EnsureBytes((long)start + bytes.Length);
            bytes.CopyTo(_bytes.AsSpan(start));
            _offsets[Count + 1] = start + bytes.Length;
        }

        AddPrefixes(1)[0] = prefix;
    }

    /// <summary>Removes all keys and keeps the buffers.</summary>
    public void Clear() => Count = 0;

    /// <summary>Keeps the first keys and removes the rest.</summary>
    /// <param name="count">The keys to keep, at most <see cref="Count"/>.</param>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        Count = count;
    }

    /// <summary>Adds keys whose prefixes, all zero, the caller fills in.</summary>
    internal Span<ulong> AddPrefixes(int count)
    {
        var needed = checked(Count + count);
        if (needed > _prefixes.Length)
        {
            Array.Resize(ref _prefixes, Math.Max(Math.Max(64, needed), (int)Math.Min(Array.MaxLength, 2L * _prefixes.Length)));
        }

        var span = _prefixes.AsSpan(Count, count);
        span.Clear();
        Count = needed;
        return span;
    }

    /// <summary>Cursors for keys to be added, all set to a length; the encoder adds each key's variable lengths.</summary>
    internal Span<int> BeginLengths(int count, int fixedBytes)
    {
        if (_cursors.Length < count)
        {
            _cursors = new int[Math.Max(count, (int)Math.Min(Array.MaxLength, 2L * _cursors.Length))];
        }

        var lengths = _cursors.AsSpan(0, count);
        lengths.Fill(fixedBytes);
        return lengths;
    }

    /// <summary>Turns the lengths begun before into offsets and cursors to write the keys' bytes at.</summary>
    internal Span<int> BeginBytes(int count, out Span<byte> bytes)
    {
        EnsureOffsets(count);
        var offset = (long)_offsets[Count];
        var lengths = _cursors.AsSpan(0, count);
        for (var i = 0; i < lengths.Length; i++)
        {
            var length = lengths[i];
            lengths[i] = (int)offset;
            offset += length;
            _offsets[Count + i + 1] = (int)offset;
            if (offset > Array.MaxLength - PrefixBytes)
            {
                PaimonException.ThrowInvalid("The keys of one buffer exceed 2 GiB; flush or split it earlier.");
            }
        }

        EnsureBytes(offset);
        bytes = _bytes;
        return lengths;
    }

    /// <summary>Adds keys that are the values of one binary column, unchanged.</summary>
    internal void AddRaw(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> values)
    {
        var count = offsets.Length - 1;
        EnsureOffsets(count);
        var used = _offsets[Count];
        var length = offsets[count] - offsets[0];
        EnsureBytes((long)used + length);
        values.Slice(offsets[0], length).CopyTo(_bytes.AsSpan(used));
        var target = _offsets.AsSpan(Count + 1, count);
        var delta = used - offsets[0];
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = offsets[i + 1] + delta;
        }

        EndBytes(count);
    }

    /// <summary>Takes the prefixes from the bytes that have been written.</summary>
    internal void EndBytes(int count)
    {
        var offsets = _offsets.AsSpan(Count, count + 1);
        var prefixes = AddPrefixes(count);
        for (var i = 0; i < prefixes.Length; i++)
        {
            // The buffer has 8 bytes to spare, so that 8 bytes can be read at every key.
            var start = offsets[i];
            var length = offsets[i + 1] - start;
            var prefix = BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(start, PrefixBytes));
            prefixes[i] = length >= PrefixBytes
                ? prefix
                : length == 0 ? 0 : prefix & (ulong.MaxValue << (8 * (PrefixBytes - length)));
        }
    }

    // Equal prefixes of keys of at most 8 bytes may differ by zeros at the end: then the shorter one is the smaller one.
    private static int CompareRest(EncodedKeys left, int leftIndex, EncodedKeys right, int rightIndex)
    {
        var a = left[leftIndex];
        var b = right[rightIndex];
        var order = a[Math.Min(PrefixBytes, a.Length)..].SequenceCompareTo(b[Math.Min(PrefixBytes, b.Length)..]);
        return order != 0 ? order : a.Length - b.Length;
    }

    private void EnsureOffsets(int more)
    {
        var needed = checked(Count + 1 + more);
        if (needed > _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(Math.Max(65, needed), (int)Math.Min(Array.MaxLength, 2L * _offsets.Length)));
        }
    }

    private void EnsureBytes(long needed)
    {
        needed += PrefixBytes;
        if (needed > _bytes.Length)
        {
            if (needed > Array.MaxLength)
            {
                PaimonException.ThrowInvalid("The keys of one buffer exceed 2 GiB; flush or split it earlier.");
            }

            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(Math.Max(1024, needed), 2L * _bytes.Length)));
        }
    }
}
