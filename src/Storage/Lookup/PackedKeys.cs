using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// Ascending keys inside a block or index of a lookup file, to be searched where they are (docs/format.md#lookup-files).
/// <code>
/// prefix   u64 a key: its first 8 bytes as <see cref="EncodedKeys"/> has them
/// end      u32 a key: where its bytes end      | both only where a prefix is not the whole key
/// bytes    all keys back to back               |
/// </code>
/// </summary>
internal readonly ref struct PackedKeys
{
    private readonly ReadOnlySpan<byte> _prefixes;
    private readonly ReadOnlySpan<byte> _ends;
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>A view on keys that have been checked.</summary>
    /// <param name="source">Begins with the keys.</param>
    /// <param name="count">How many.</param>
    /// <param name="isExact">Whether a prefix is the whole key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PackedKeys(ReadOnlySpan<byte> source, int count, bool isExact)
    {
        _prefixes = source[..(count * sizeof(ulong))];
        if (!isExact)
        {
            _ends = source.Slice(count * sizeof(ulong), count * sizeof(uint));
            _bytes = source[(count * (sizeof(ulong) + sizeof(uint)))..];
        }
    }

    /// <summary>The number of keys.</summary>
    public int Count => _prefixes.Length / sizeof(ulong);

    /// <summary>Checks that bytes begin with keys.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="count">How many keys.</param>
    /// <param name="isExact">Whether a prefix is the whole key.</param>
    /// <returns>The bytes that the keys take.</returns>
    /// <exception cref="CorruptDataException">They are cut off, or do not ascend.</exception>
    public static int Check(ReadOnlySpan<byte> source, int count, bool isExact)
    {
        var fixedBytes = (long)count * (isExact ? sizeof(ulong) : sizeof(ulong) + sizeof(uint));
        if (count < 0 || fixedBytes > source.Length)
        {
            CorruptDataException.Throw($"{count} keys do not fit in {source.Length} bytes.");
        }

        var end = 0u;
        for (var at = count * sizeof(ulong); at < fixedBytes; at += sizeof(uint))
        {
            var next = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            if (next < end || next > source.Length - fixedBytes)
            {
                CorruptDataException.Throw($"A key ends at byte {next} of {source.Length - fixedBytes}, the one before it at {end}.");
            }

            end = next;
        }

        var keys = new PackedKeys(source, count, isExact);
        for (var i = 1; i < count; i++)
        {
            if (keys.Prefix(i - 1) > keys.Prefix(i) || (isExact && keys.Prefix(i - 1) == keys.Prefix(i)))
            {
                CorruptDataException.Throw($"The keys do not ascend at key {i} of {count}.");
            }
        }

        return (int)fixedBytes + (int)end;
    }

    /// <summary>The first key that is not before the one looked for, searched from a guess on in growing steps.</summary>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key looked for.</param>
    /// <param name="guess">Where it may be; the better, the fewer keys are compared.</param>
    /// <returns>0 to <see cref="Count"/>.</returns>
    public int LowerBound(EncodedKeys keys, int index, int guess)
    {
        var prefix = keys.Prefixes[index];
        var (low, high) = (0, Count);
        for (var (at, step) = (guess, 1); (uint)at < (uint)high && at >= low; step <<= 1)
        {
            if (IsBefore(at, prefix, keys, index))
            {
                low = at + 1;
                at = low + step - 1;
            }
            else
            {
                high = at;
                at = high - step;
            }
        }

        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (IsBefore(middle, prefix, keys, index))
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

    /// <summary>Where a key may be if keys are spread evenly between two.</summary>
    /// <param name="prefix">The key's prefix.</param>
    /// <param name="first">The prefix of the key before them.</param>
    /// <param name="last">The prefix of the last of them.</param>
    /// <returns>0 at the first to 1 at the last.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Share(ulong prefix, ulong first, ulong last) =>
        prefix <= first || last <= first ? 0 : Math.Min(1, (double)(prefix - first) / (last - first));

    /// <summary>True when a key is the one looked for.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    /// <param name="keys">Keys of the same encoder.</param>
    /// <param name="index">The key looked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(int row, EncodedKeys keys, int index) =>
        Prefix(row) == keys.Prefixes[index] && (_ends.Length == 0 || CompareRest(row, keys[index]) == 0);

    /// <summary>The prefix of a key.</summary>
    /// <param name="row">0 to <see cref="Count"/> - 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Prefix(int row) => BinaryPrimitives.ReadUInt64LittleEndian(_prefixes[(row * sizeof(ulong))..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBefore(int row, ulong prefix, EncodedKeys keys, int index)
    {
        var other = Prefix(row);
        return other < prefix || (other == prefix && _ends.Length > 0 && CompareRest(row, keys[index]) < 0);
    }

    // Equal prefixes of keys of at most 8 bytes may differ by zeros at the end: then the shorter one is the smaller one.
    private int CompareRest(int row, ReadOnlySpan<byte> key)
    {
        var start = row == 0 ? 0 : (int)BinaryPrimitives.ReadUInt32LittleEndian(_ends[((row - 1) * sizeof(uint))..]);
        var end = (int)BinaryPrimitives.ReadUInt32LittleEndian(_ends[(row * sizeof(uint))..]);
        var bytes = _bytes[start..end];
        var order = bytes[Math.Min(EncodedKeys.PrefixBytes, bytes.Length)..]
            .SequenceCompareTo(key[Math.Min(EncodedKeys.PrefixBytes, key.Length)..]);
        return order != 0 ? order : bytes.Length - key.Length;
    }
}
