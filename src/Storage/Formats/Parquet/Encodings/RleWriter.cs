using System.Buffers.Binary;
using System.Numerics;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Writes the hybrid of runs and bit-packed groups; see <see cref="RleReader"/> for its shape.</summary>
internal static class RleWriter
{
    private const int GroupValues = 8;

    /// <summary>Appends all of a page's values.</summary>
    public static void Write<T>(ReadOnlySpan<T> values, int bitWidth, GrowingBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (values.Length > 0)
        {
            var run = RunLength(values);
            if (run >= GroupValues)
            {
                WriteRun(values[0], run, bitWidth, output);
                values = values[run..];
                continue;
            }

            var packed = PackedLength(values);
            WritePacked(values[..packed], bitWidth, output);
            values = values[packed..];
        }
    }

    private static int RunLength<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        var end = values.IndexOfAnyExcept(values[0]);
        return end < 0 ? values.Length : end;
    }

    /// <summary>How many values to pack: whole groups until a run begins that is worth its own header.</summary>
    private static int PackedLength<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var length = GroupValues; length < values.Length; length += GroupValues)
        {
            var next = values.Slice(length, Math.Min(GroupValues * 2, values.Length - length));
            if (next.Length == GroupValues * 2 && RunLength(next) == next.Length)
            {
                return length;
            }
        }

        return values.Length;
    }

    private static void WriteRun<T>(T value, int count, int bitWidth, GrowingBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        WriteVarint((uint)count << 1, output);
        var bits = uint.CreateTruncating(value);
        for (var i = 0; i < bitWidth; i += 8)
        {
            output.Append(1)[0] = (byte)(bits >> i);
        }
    }

    private static void WritePacked<T>(ReadOnlySpan<T> values, int bitWidth, GrowingBuffer output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var groups = (values.Length + GroupValues - 1) / GroupValues;
        WriteVarint(((uint)groups << 1) | 1, output);
        var target = output.Append(groups * bitWidth);
        target.Clear();
        var (pending, bits, at) = (0UL, 0, 0);
        foreach (var value in values)
        {
            pending |= (ulong)uint.CreateTruncating(value) << bits;
            bits += bitWidth;
            if (bits >= 32)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(target[at..], (uint)pending);
                at += 4;
                pending >>= 32;
                bits -= 32;
            }
        }

        for (; bits > 0; bits -= 8)
        {
            target[at++] = (byte)pending;
            pending >>= 8;
        }
    }

    private static void WriteVarint(uint value, GrowingBuffer output)
    {
        while (value >= 0x80)
        {
            output.Append(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        output.Append(1)[0] = (byte)value;
    }
}
