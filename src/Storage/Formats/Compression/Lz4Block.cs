using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// SAFETY: every pointer moves between the two ends of a pinned span. The encoder reads at most 8 bytes from positions that
/// are at least 12 before the end and is given room for the worst case; the decoder compares each length with both rests
/// before it copies, and copies in 16-byte steps only where that many bytes are left on both sides.
/// <para>
/// LZ4's block format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md), the same bytes as liblz4:
/// </para>
/// <code>
/// block    := sequence*, the last of which ends after its literals
/// sequence := token | more literal length | literals | u16 offset | more match length
/// token    := literal length (high 4 bits), match length - 4 (low 4 bits); 15 = bytes follow that add up, until one is not 255
/// </code>
/// The last 5 bytes are literals, and the last match begins at least 12 bytes before the end. Numbers are little-endian.
/// </summary>
internal static unsafe class Lz4Block
{
    private const int MinMatch = 4;
    private const int LastLiterals = 5;
    private const int MatchMargin = 12;
    private const int MaxOffset = 65535;
    private const int MaxRun = 15;
    private const int MaxShortMatch = 18;
    private const int SkipTrigger = 6;
    private const int WideHashBits = 12;
    private const int NarrowHashBits = 13;

    /// <summary>The bytes that encoding may need at most.</summary>
    /// <param name="sourceLength">The bytes to encode.</param>
    public static int MaxEncodedLength(int sourceLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sourceLength);
        return checked(sourceLength + (sourceLength / 255) + 16);
    }

    /// <summary>Encodes a block.</summary>
    /// <param name="source">The bytes to encode.</param>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxEncodedLength(source.Length))
        {
            throw new ArgumentException($"lz4 needs {MaxEncodedLength(source.Length)} bytes.", nameof(destination));
        }

        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            // Positions of a match's begin fit 16 bits up to this size: half the table for twice the slots.
            if (source.Length <= MaxOffset + MatchMargin)
            {
                var narrow = stackalloc ushort[1 << NarrowHashBits];
                new Span<ushort>(narrow, 1 << NarrowHashBits).Clear();
                return EncodeWith(from, source.Length, to, narrow);
            }

            var wide = stackalloc uint[1 << WideHashBits];
            new Span<uint>(wide, 1 << WideHashBits).Clear();
            return EncodeWith(from, source.Length, to, wide);
        }
    }

    /// <summary>Decodes a block.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="destination">Takes the bytes; may be longer than they are.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="CorruptDataException">The block is damaged, or larger than the destination.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var result = TryDecode(source, destination);
        if (result < 0)
        {
            CorruptDataException.Throw(
                $"lz4: the block of {source.Length} bytes is damaged, or holds more than {destination.Length} bytes.");
        }

        return result;
    }

    /// <summary>Decodes a block; negative when it is damaged or larger than the destination.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="destination">Takes the bytes; may be longer than they are.</param>
    public static int TryDecode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source)
        fixed (byte* to = destination)
        {
            return DecodeAll(from, source.Length, to, destination.Length);
        }
    }

    private static int EncodeWith<TSlot>(byte* source, int length, byte* destination, TSlot* table)
        where TSlot : unmanaged
    {
        var write = destination;
        var anchor = source;
        var end = source + length;
        if (length > MatchMargin)
        {
            var matchLimit = end - LastLiterals;
            var lastStart = end - MatchMargin;
            var read = source + 1;
            while (TryFindMatch(source, ref read, lastStart, table, out var match))
            {
                while (read > anchor && match > source && read[-1] == match[-1])
                {
                    read--;
                    match--;
                }

                var token = write++;
                write = WriteLiterals(token, write, anchor, (int)(read - anchor), end);
                for (; ; )
                {
                    Unsafe.WriteUnaligned(write, ToLittleEndian((ushort)(read - match)));
                    write += 2;
                    var more = CountEqual(read + MinMatch, match + MinMatch, matchLimit);
                    write = WriteMatchLength(token, write, more);
                    read += MinMatch + more;
                    anchor = read;
                    if (read > lastStart)
                    {
                        break;
                    }

                    // The next sequence often begins at once: try that before searching.
                    Put(table, Hash<TSlot>(read - 2), (uint)(read - 2 - source));
                    var slot = Hash<TSlot>(read);
                    match = source + Get(table, slot);
                    Put(table, slot, (uint)(read - source));
                    if (read - match > MaxOffset || match >= read || Read32(match) != Read32(read))
                    {
                        read++;
                        break;
                    }

                    token = write++;
                    *token = 0;
                }

                if (read > lastStart)
                {
                    break;
                }
            }
        }

        var tail = write++;
        write = WriteLiterals(tail, write, anchor, (int)(end - anchor), end);
        return (int)(write - destination);
    }

    /// <summary>Searches forward with steps that grow while nothing matches, so that incompressible bytes cost little.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFindMatch<TSlot>(
        byte* source, ref byte* position, byte* lastStart, TSlot* table, [NotNullWhen(true)] out byte* match)
        where TSlot : unmanaged
    {
        var read = position;
        var attempts = 1 << SkipTrigger;
        match = null;
        while (read <= lastStart)
        {
            var slot = Hash<TSlot>(read);
            var candidate = source + Get(table, slot);
            Put(table, slot, (uint)(read - source));
            if (Read32(candidate) == Read32(read) && read - candidate <= MaxOffset && candidate < read)
            {
                position = read;
                match = candidate;
                return true;
            }

            read += attempts++ >> SkipTrigger;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteLiterals(byte* token, byte* write, byte* literals, int count, byte* end)
    {
        if (count < MaxRun)
        {
            *token = (byte)(count << 4);
            if (end - literals >= 16)
            {
                // At least one literal byte per output byte is left, plus the worst case's 16: the room is there.
                Vector128.Store(Vector128.Load(literals), write);
                return write + count;
            }
        }
        else
        {
            *token = MaxRun << 4;
            write = WriteLength(write, count - MaxRun);
        }

        Unsafe.CopyBlockUnaligned(write, literals, (uint)count);
        return write + count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* WriteMatchLength(byte* token, byte* write, int more)
    {
        if (more < MaxRun)
        {
            *token |= (byte)more;
            return write;
        }

        *token |= MaxRun;
        return WriteLength(write, more - MaxRun);
    }

    private static byte* WriteLength(byte* write, int rest)
    {
        for (; rest >= 255; rest -= 255)
        {
            *write++ = 255;
        }

        *write++ = (byte)rest;
        return write;
    }

    /// <summary>How many bytes are equal from two positions on, the first of them before the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountEqual(byte* read, byte* match, byte* limit)
    {
        var start = read;
        while (limit - read >= 8)
        {
            var difference = Unsafe.ReadUnaligned<ulong>(read) ^ Unsafe.ReadUnaligned<ulong>(match);
            if (difference != 0)
            {
                var equal = BitConverter.IsLittleEndian
                    ? BitOperations.TrailingZeroCount(difference)
                    : BitOperations.LeadingZeroCount(difference);
                return (int)(read - start) + (equal >> 3);
            }

            read += 8;
            match += 8;
        }

        while (read < limit && *read == *match)
        {
            read++;
            match++;
        }

        return (int)(read - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read32(byte* position) => Unsafe.ReadUnaligned<uint>(position);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort ToLittleEndian(ushort value) =>
        BitConverter.IsLittleEndian ? value : (ushort)((value >> 8) | (value << 8));

    /// <summary>Four bytes for small blocks; five for large ones, where four collide too often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash<TSlot>(byte* position)
        where TSlot : unmanaged => sizeof(TSlot) == sizeof(ushort)
            ? (Read32(position) * 2654435761u) >> (32 - NarrowHashBits)
            : (uint)(((Unsafe.ReadUnaligned<ulong>(position) << 24) * 889523592379ul) >> (64 - WideHashBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Get<TSlot>(TSlot* table, uint slot)
        where TSlot : unmanaged => sizeof(TSlot) == sizeof(ushort) ? ((ushort*)table)[slot] : ((uint*)table)[slot];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSlot>(TSlot* table, uint slot, uint position)
        where TSlot : unmanaged
    {
        if (sizeof(TSlot) == sizeof(ushort))
        {
            Debug.Assert(position <= ushort.MaxValue, "A small block's match begins within 16 bits.");
            ((ushort*)table)[slot] = (ushort)position;
        }
        else
        {
            ((uint*)table)[slot] = position;
        }
    }

    private static int DecodeAll(byte* source, int sourceLength, byte* destination, int destinationLength)
    {
        var read = source;
        var readEnd = source + sourceLength;
        var write = destination;
        var writeEnd = destination + destinationLength;
        while (read < readEnd)
        {
            int token = *read++;
            nint count = token >> 4;
            if (count < MaxRun && readEnd - read >= 16 + 2 && writeEnd - write >= 16)
            {
                Vector128.Store(Vector128.Load(read), write);
                read += count;
                write += count;
            }
            else
            {
                if (count == MaxRun && !TryReadLength(ref read, readEnd, ref count))
                {
                    return -1;
                }

                if (count > readEnd - read || count > writeEnd - write)
                {
                    return -1;
                }

                Buffer.MemoryCopy(read, write, writeEnd - write, count);
                read += count;
                write += count;
                if (read == readEnd)
                {
                    return (int)(write - destination);
                }

                if (readEnd - read < 2)
                {
                    return -1;
                }
            }

            nint offset = read[0] | (read[1] << 8);
            read += 2;
            count = token & MaxRun;
            if (count < MaxRun && offset >= 8 && offset <= write - destination && writeEnd - write >= MaxShortMatch)
            {
                CopyShortMatch(write, write - offset);
                write += MinMatch + count;
                continue;
            }

            if (count == MaxRun && !TryReadLength(ref read, readEnd, ref count))
            {
                return -1;
            }

            count += MinMatch;
            if (offset == 0 || offset > write - destination || count > writeEnd - write)
            {
                return -1;
            }

            CopyMatch(write, offset, count, writeEnd);
            write += count;
        }

        return -1;
    }

    /// <summary>The most frequent case: at most 18 bytes, of which every step's are at least 8 behind its target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyShortMatch(byte* write, byte* match)
    {
        Unsafe.WriteUnaligned(write, Unsafe.ReadUnaligned<ulong>(match));
        Unsafe.WriteUnaligned(write + 8, Unsafe.ReadUnaligned<ulong>(match + 8));
        Unsafe.WriteUnaligned(write + 16, Unsafe.ReadUnaligned<ushort>(match + 16));
    }

    /// <summary>Adds the bytes of a long length; false when the block ends or the length is beyond any block.</summary>
    private static bool TryReadLength(ref byte* read, byte* readEnd, ref nint count)
    {
        byte part;
        do
        {
            if (read == readEnd || count > int.MaxValue)
            {
                return false;
            }

            part = *read++;
            count += part;
        }
        while (part == 255);
        return true;
    }

    /// <summary>Copies from earlier output; source and target may overlap, which repeats the pattern.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(byte* write, nint offset, nint count, byte* writeEnd)
    {
        var match = write - offset;
        var target = write + count;
        if (offset >= 16 && writeEnd - target >= 16)
        {
            do
            {
                Vector128.Store(Vector128.Load(match), write);
                match += 16;
                write += 16;
            }
            while (write < target);
        }
        else if (offset >= 8 && writeEnd - target >= 8)
        {
            do
            {
                Unsafe.WriteUnaligned(write, Unsafe.ReadUnaligned<ulong>(match));
                match += 8;
                write += 8;
            }
            while (write < target);
        }
        else
        {
            CopyOverlapping(write, match, offset, count);
        }
    }

    /// <summary>Short distances and the block's end: exact copies whose length doubles with the pattern.</summary>
    private static void CopyOverlapping(byte* write, byte* match, nint offset, nint count)
    {
        if (offset == 1)
        {
            Unsafe.InitBlockUnaligned(write, *match, (uint)count);
            return;
        }

        // What lies between match and write is whole periods of the pattern, and grows by what was copied.
        for (var ready = offset; count > 0; ready = (nint)(write - match))
        {
            var piece = nint.Min(ready, count);
            Unsafe.CopyBlockUnaligned(write, match, (uint)piece);
            write += piece;
            count -= piece;
        }
    }
}
