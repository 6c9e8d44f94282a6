using System.Buffers.Binary;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>
/// Writes DELTA_BINARY_PACKED integers, in blocks of 128 with four parts of 32; see <see cref="DeltaReader"/> for their shape. Differences
/// wrap around at the width of the type, so that none needs more bits than a value.
/// </summary>
internal static class DeltaWriter
{
    private const int BlockValues = 128;
    private const int Miniblocks = 4;
    private const int MiniblockValues = BlockValues / Miniblocks;
    private const int MaxVarintBytes = 10;

    /// <summary>Appends all of a page's values.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="isInt32">True for values of INT32, sign-extended.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReadOnlySpan<long> values, bool isInt32, GrowingBuffer output)
    {
        Span<byte> head = stackalloc byte[4 * MaxVarintBytes];
        var length = WriteVarint(head, BlockValues);
        length += WriteVarint(head[length..], Miniblocks);
        length += WriteVarint(head[length..], (ulong)values.Length);
        length += WriteVarint(head[length..], Zigzag(values[0]));
        output.Append(head[..length]);
        Span<ulong> deltas = stackalloc ulong[BlockValues];
        for (var start = 1; start < values.Length; start += BlockValues)
        {
            var count = Math.Min(BlockValues, values.Length - start);
            var least = FindDeltas(values.Slice(start - 1, count + 1), isInt32, deltas);
            deltas[count..].Clear();
            WriteBlock(deltas, count, least, output);
        }
    }

    /// <summary>The differences of neighbours minus the least of them, which is returned.</summary>
    private static long FindDeltas(ReadOnlySpan<long> values, bool isInt32, Span<ulong> deltas)
    {
        deltas = deltas[..(values.Length - 1)];
        var least = long.MaxValue;
        for (var i = 0; i < deltas.Length; i++)
        {
            var delta = unchecked(values[i + 1] - values[i]);
            delta = isInt32 ? unchecked((int)delta) : delta;
            deltas[i] = (ulong)delta;
            least = Math.Min(least, delta);
        }

        for (var i = 0; i < deltas.Length; i++)
        {
            deltas[i] = unchecked(deltas[i] - (ulong)least);
        }

        return least;
    }

    private static void WriteBlock(ReadOnlySpan<ulong> deltas, int count, long least, GrowingBuffer output)
    {
        Span<byte> head = stackalloc byte[MaxVarintBytes + Miniblocks];
        var length = WriteVarint(head, Zigzag(least));
        var widths = head.Slice(length, Miniblocks);
        for (var part = 0; part < Miniblocks; part++)
        {
            var all = 0UL;
            foreach (var delta in deltas.Slice(part * MiniblockValues, MiniblockValues))
            {
                all |= delta;
            }

            widths[part] = (byte)(64 - ulong.LeadingZeroCount(all));
        }

        output.Append(head[..(length + Miniblocks)]);
        for (var start = 0; start < count; start += MiniblockValues)
        {
            var width = widths[start / MiniblockValues];
            Pack(deltas.Slice(start, MiniblockValues), width, output.Append(width * MiniblockValues / 8));
        }
    }

    private static void Pack(ReadOnlySpan<ulong> values, int width, Span<byte> target)
    {
        var (pending, bits) = (0UL, 0);
        foreach (var value in values)
        {
            pending |= value << bits;
            bits += width;
            if (bits >= 64)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, pending);
                target = target[sizeof(ulong)..];
                bits -= 64;
                pending = bits == 0 ? 0 : value >> (width - bits);
            }
        }

        // 32 values of any width end with a byte, and of an odd one with four.
        if (bits > 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)pending);
        }
    }

    private static ulong Zigzag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[length++] = (byte)(value | 0x80);
        }

        target[length++] = (byte)value;
        return length;
    }
}
