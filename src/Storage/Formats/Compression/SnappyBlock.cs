using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// Snappy's raw block format (https://github.com/google/snappy/blob/main/format_description.txt).
/// <code>
/// block   := varint length of the decoded bytes, then elements
/// literal := (n-1) &lt;&lt; 2 | 00             n = 1..60, then n bytes; 60..63: n-1 follows in 1..4 bytes
/// copy 1  := offset 10..8, n-4, 01 | offset 7..0     n = 4..11, offset &lt; 2048
/// copy 2  := (n-1) &lt;&lt; 2 | 10 | u16 offset           n = 1..64
/// copy 4  := (n-1) &lt;&lt; 2 | 11 | u32 offset           n = 1..64
/// </code>
/// Numbers are little-endian.
/// </summary>
internal static class SnappyBlock
{
    private const int FragmentBytes = 1 << 16;
    private const int HashBits = 13;
    private const int MinMatch = 4;
    private const int Margin = 15;

    /// <summary>The bytes that encoding may need at most.</summary>
    /// <param name="sourceLength">The bytes to encode.</param>
    public static int MaxEncodedLength(int sourceLength) => checked(32 + sourceLength + (sourceLength / 6));

    /// <summary>The size that a block states.</summary>
    /// <param name="source">The block.</param>
    /// <exception cref="CorruptDataException">The size is damaged, or more than the block's bytes can hold.</exception>
    public static int DecodedLength(ReadOnlySpan<byte> source) => ReadLength(source, out _);

    /// <summary>Decodes a block.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="destination">Takes the bytes; may be longer than they are.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="CorruptDataException">The block is damaged, or larger than the destination.</exception>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var length = ReadLength(source, out var position);
        if (length > destination.Length)
        {
            CorruptDataException.Throw($"snappy: the block holds {length} bytes; {destination.Length} were expected.");
        }

        destination = destination[..length];
        var written = 0;
        while (position < source.Length)
        {
            var tag = source[position++];
            if ((tag & 3) == 0)
            {
                var count = ReadLiteralLength(source, tag, ref position);
                if (count > source.Length - position || count > destination.Length - written)
                {
                    CorruptDataException.Throw($"snappy: a literal of {count} bytes does not fit.", position);
                }

                source.Slice(position, (int)count).CopyTo(destination[written..]);
                position += (int)count;
                written += (int)count;
            }
            else
            {
                var (count, offset) = ReadCopy(source, tag, ref position);
                if (offset == 0 || offset > written || count > destination.Length - written)
                {
                    CorruptDataException.Throw($"snappy: a copy of {count} bytes from {offset} back does not fit.", position);
                }

                CopyMatch(destination, written, (int)offset, count);
                written += count;
            }
        }

        if (written != length)
        {
            CorruptDataException.Throw($"snappy: the block states {length} bytes and holds {written}.");
        }

        return written;
    }

    /// <summary>Encodes a block.</summary>
    /// <param name="source">The bytes to encode.</param>
    /// <param name="destination">At least <see cref="MaxEncodedLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxEncodedLength(source.Length))
        {
            throw new ArgumentException($"snappy needs {MaxEncodedLength(source.Length)} bytes.", nameof(destination));
        }

        var written = 0;
        for (var rest = (uint)source.Length; ; rest >>= 7)
        {
            destination[written++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
            {
                break;
            }
        }

        Span<ushort> table = stackalloc ushort[1 << HashBits];
        while (!source.IsEmpty)
        {
            var fragment = source[..Math.Min(FragmentBytes, source.Length)];
            table.Clear();
            written = EncodeFragment(fragment, table, destination, written);
            source = source[fragment.Length..];
        }

        return written;
    }

    /// <summary>Greedy matching within 64 KiB; the step grows while nothing matches.</summary>
    private static int EncodeFragment(ReadOnlySpan<byte> source, Span<ushort> table, Span<byte> to, int written)
    {
        var anchor = 0;
        var position = 1;
        var limit = source.Length - Margin;
        var misses = 32;
        while (position < limit)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);
            ref var slot = ref table[(int)((word * 0x1E35A7BDu) >> (32 - HashBits))];
            int candidate = slot;
            slot = (ushort)position;
            if (BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word || candidate >= position)
            {
                position += misses++ >> 5;
                continue;
            }

            var count = MinMatch + source[(position + MinMatch)..].CommonPrefixLength(source[(candidate + MinMatch)..]);
            written = WriteLiteral(source[anchor..position], to, written);
            written = WriteCopy(position - candidate, count, to, written);
            position += count;
            anchor = position;
            misses = 32;
        }

        return anchor < source.Length ? WriteLiteral(source[anchor..], to, written) : written;
    }

    private static int WriteLiteral(ReadOnlySpan<byte> bytes, Span<byte> to, int written)
    {
        if (bytes.IsEmpty)
        {
            return written;
        }

        var last = bytes.Length - 1;
        if (last < 60)
        {
            to[written++] = (byte)(last << 2);
        }
        else if (last < 1 << 8)
        {
            to[written++] = 60 << 2;
            to[written++] = (byte)last;
        }
        else
        {
            // A fragment is at most 64 KiB, so two bytes are enough.
            to[written++] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(to[written..], (ushort)last);
            written += 2;
        }

        bytes.CopyTo(to[written..]);
        return written + bytes.Length;
    }

    private static int WriteCopy(int offset, int count, Span<byte> to, int written)
    {
        while (count > 0)
        {
            // A rest below 4 could not take the short form, so the piece before it is made shorter.
            var piece = count <= 64 ? count : count < 68 ? 60 : 64;
            if (piece is >= 4 and <= 11 && offset < 2048)
            {
                to[written++] = (byte)(((offset >> 8) << 5) | ((piece - 4) << 2) | 1);
                to[written++] = (byte)offset;
            }
            else
            {
                to[written++] = (byte)(((piece - 1) << 2) | 2);
                BinaryPrimitives.WriteUInt16LittleEndian(to[written..], (ushort)offset);
                written += 2;
            }

            count -= piece;
        }

        return written;
    }

    private static int ReadLength(ReadOnlySpan<byte> source, out int position)
    {
        ulong length = 0;
        for (position = 0; position < 5 && position < source.Length; position++)
        {
            var part = source[position];
            length |= (ulong)(part & 0x7F) << (7 * position);
            if (part < 0x80)
            {
                position++;
                // Two bytes make a copy of 64 at most, three likewise: a length beyond that is a damaged one.
                if (length > (ulong)source.Length * 32 || length > int.MaxValue)
                {
                    CorruptDataException.Throw($"snappy: {source.Length} bytes cannot hold the {length} that the block states.");
                }

                return (int)length;
            }
        }

        CorruptDataException.Throw("snappy: the block's size is damaged.");
        return 0;
    }

    private static long ReadLiteralLength(ReadOnlySpan<byte> source, byte tag, ref int position)
    {
        var small = tag >> 2;
        if (small < 60)
        {
            return small + 1;
        }

        var width = small - 59;
        if (width > source.Length - position)
        {
            CorruptDataException.Throw("snappy: the block ends inside a literal's length.", position);
        }

        long length = 0;
        for (var i = 0; i < width; i++)
        {
            length |= (long)source[position + i] << (8 * i);
        }

        position += width;
        return length + 1;
    }

    private static (int Count, uint Offset) ReadCopy(ReadOnlySpan<byte> source, byte tag, ref int position)
    {
        var width = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        if (width > source.Length - position)
        {
            CorruptDataException.Throw("snappy: the block ends inside a copy.", position);
        }

        var bytes = source.Slice(position, width);
        position += width;
        return width switch
        {
            1 => (((tag >> 2) & 7) + 4, (uint)(((tag >> 5) << 8) | bytes[0])),
            2 => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            _ => ((tag >> 2) + 1, BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        };
    }

    /// <summary>Copies from earlier output; source and target may overlap, which repeats the pattern.</summary>
    private static void CopyMatch(Span<byte> destination, int written, int offset, int count)
    {
        if (offset >= count)
        {
            destination.Slice(written - offset, count).CopyTo(destination[written..]);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            destination[written + i] = destination[written + i - offset];
        }
    }
}
