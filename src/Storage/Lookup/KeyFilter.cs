using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Lookup;

/// <summary>
/// A Bloom filter whose bits of one key are in one block of 32 bytes, a bit in each of its 8 words, so that a test costs one
/// cache line. Filled by one thread, then immutable and safe for several.
/// </summary>
internal sealed class KeyFilter
{
    private const int BlockBytes = 32;
    private const int MaxBytes = 1 << 30;

    private readonly byte[] _bytes;
    private readonly uint _blockCount;

    private KeyFilter(byte[] bytes)
    {
        _bytes = bytes;
        _blockCount = (uint)(bytes.Length / BlockBytes);
    }

    private static ReadOnlySpan<uint> Salts =>
        [0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31];

    /// <summary>The filter's bytes, as they are stored.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>An empty filter.</summary>
    /// <param name="keyCount">The keys that will be added.</param>
    /// <param name="falsePositiveRate">The part of other keys that may pass, above 0 and below 1.</param>
    public static KeyFilter Create(long keyCount, double falsePositiveRate)
    {
        var bitsPerKey = -8 / Math.Log(1 - Math.Pow(falsePositiveRate, 1.0 / 8));
        var bytes = Math.Clamp(Math.Max(1, keyCount) * bitsPerKey / 8, 1, MaxBytes);
        return new KeyFilter(new byte[(((int)bytes + BlockBytes - 1) / BlockBytes) * BlockBytes]);
    }

    /// <summary>A filter that was stored.</summary>
    /// <param name="bytes">Its bytes, taken over.</param>
    /// <exception cref="CorruptDataException">They are no whole blocks.</exception>
    public static KeyFilter Open(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes.Length % BlockBytes != 0)
        {
            CorruptDataException.Throw($"A key filter has {bytes.Length} bytes; a multiple of {BlockBytes} is expected.");
        }

        return new KeyFilter(bytes);
    }

    /// <summary>Adds a key.</summary>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    public void Add(ulong hash)
    {
        var block = Block(hash);
        if (Avx2.IsSupported)
        {
            var words = MemoryMarshal.Cast<byte, uint>(block);
            (Vector256.Create<uint>(words) | Bits(hash)).CopyTo(words);
            return;
        }

        for (var i = 0; i < Salts.Length; i++)
        {
            var word = block.Slice(i * sizeof(uint), sizeof(uint));
            BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) | Bit(hash, i));
        }
    }

    /// <summary>False when the key was not added for certain.</summary>
    /// <param name="hash">Its <see cref="KeyHash"/>.</param>
    public bool MayContain(ulong hash)
    {
        ReadOnlySpan<byte> block = Block(hash);
        if (Avx2.IsSupported)
        {
            return Avx.TestC(Vector256.Create(MemoryMarshal.Cast<byte, uint>(block)), Bits(hash));
        }

        for (var i = 0; i < Salts.Length; i++)
        {
            if ((BinaryPrimitives.ReadUInt32LittleEndian(block[(i * sizeof(uint))..]) & Bit(hash, i)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // What Bit gives for each of the eight words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Bits(ulong hash) => Avx2.ShiftLeftLogicalVariable(
        Vector256<uint>.One, (Vector256.Create(unchecked((uint)hash)) * Vector256.Create(Salts)) >>> 27);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(ulong hash, int word) => 1u << (int)(unchecked((uint)hash * Salts[word]) >> 27);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Block(ulong hash) => _bytes.AsSpan((int)(((hash >> 32) * _blockCount) >> 32) * BlockBytes, BlockBytes);
}
