using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// MurmurHash3 of 32 bits as Paimon uses it on rows: whole little-endian words, seed 42 (docs/format.md#bucket-function).
/// </summary>
public static class Murmur
{
    /// <summary>The seed of every hash in the format.</summary>
    public const int Seed = 42;

    /// <summary>The hash of bytes whose length is a multiple of 4.</summary>
    /// <param name="bytes">A row's bytes.</param>
    /// <exception cref="ArgumentException">The length is no multiple of 4.</exception>
    public static int HashWords(ReadOnlySpan<byte> bytes)
    {
        if ((bytes.Length & 3) != 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes are no whole words of 4 bytes.", nameof(bytes));
        }

        var hash = (uint)Seed;
        var length = bytes.Length;
        while (bytes.Length >= sizeof(uint))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            bytes = bytes[sizeof(uint)..];
        }

        return Finish(hash, length);
    }

    /// <summary>The hash of any bytes: those after the last whole word count as a word each, with their sign.</summary>
    /// <param name="bytes">A text's bytes.</param>
    public static int HashBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)Seed;
        var length = bytes.Length;
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            hash = Mix(hash, (uint)(sbyte)value);
        }

        return Finish(hash, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Mix(uint hash, uint word)
    {
        word *= 0xcc9e2d51;
        word = BitOperations.RotateLeft(word, 15);
        word *= 0x1b873593;
        hash ^= word;
        hash = BitOperations.RotateLeft(hash, 13);
        return (hash * 5) + 0xe6546b64;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Finish(uint hash, int lengthBytes)
    {
        hash ^= (uint)lengthBytes;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >> 16;
        return (int)hash;
    }
}
