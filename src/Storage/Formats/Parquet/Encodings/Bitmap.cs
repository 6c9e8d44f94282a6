using System.Buffers.Binary;
using System.Numerics;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Bits of bytes, least significant first.</summary>
internal static class Bitmap
{
    public static bool IsSet(ReadOnlySpan<byte> bitmap, int index) => (bitmap[index >> 3] & (1 << (index & 7))) != 0;

    /// <summary>Copies bits; returns how many are set. The source has <see cref="PageBuffer.Slack"/> bytes behind the last one.</summary>
    public static int Copy(ReadOnlySpan<byte> from, long fromBit, Span<byte> to, int toBit, int count)
    {
        var set = 0;
        while (count > 0)
        {
            var take = Math.Min(count, 8 - (toBit & 7));
            if ((toBit & 7) == 0 && count >= 56)
            {
                take = 56;
                var word = Load(from, fromBit) & ((1UL << 56) - 1);
                for (var i = 0; i < 7; i++)
                {
                    to[(toBit >> 3) + i] = (byte)(word >> (8 * i));
                }

                set += BitOperations.PopCount(word);
            }
            else
            {
                var mask = (1 << take) - 1;
                var bits = (int)Load(from, fromBit) & mask;
                ref var target = ref to[toBit >> 3];
                target = (byte)((target & ~(mask << (toBit & 7))) | (bits << (toBit & 7)));
                set += BitOperations.PopCount((uint)bits);
            }

            fromBit += take;
            toBit += take;
            count -= take;
        }

        return set;
    }

    public static void Fill(Span<byte> bitmap, int start, int count, bool value)
    {
        while (count > 0)
        {
            if ((start & 7) == 0 && count >= 8)
            {
                bitmap.Slice(start >> 3, count >> 3).Fill(value ? (byte)0xFF : (byte)0);
                start += count & ~7;
                count &= 7;
                continue;
            }

            Set(bitmap, start++, value);
            count--;
        }
    }

    public static void Set(Span<byte> bitmap, int index, bool value)
    {
        var mask = 1 << (index & 7);
        ref var target = ref bitmap[index >> 3];
        target = (byte)(value ? target | mask : target & ~mask);
    }

    private static ulong Load(ReadOnlySpan<byte> from, long bit) =>
        BinaryPrimitives.ReadUInt64LittleEndian(from[(int)(bit >> 3)..]) >> (int)(bit & 7);
}
