using System.Buffers.Binary;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Reads what <see cref="BigEndianWriter"/> writes; every length is checked against the bytes that are left.</summary>
/// <param name="bytes">The bytes.</param>
internal ref struct BigEndianReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The next byte to be read.</summary>
    public int Position { get; private set; }

    /// <summary>The bytes that are left.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>Reads a byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads 4 bytes.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads 8 bytes.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads a signed number.</summary>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public long ReadNumber(int width)
    {
        var value = 0L;
        foreach (var b in Take(width))
        {
            value = (value << 8) | b;
        }

        var unused = 64 - (width * 8);
        return value << unused >> unused;
    }

    /// <summary>Reads a count of things that take some bytes each.</summary>
    /// <param name="what">What is counted, for messages.</param>
    /// <param name="leastBytes">The fewest bytes of one of them.</param>
    public int ReadCount(string what, int leastBytes)
    {
        var count = ReadInt32();
        if (count < 0 || count > Left / leastBytes)
        {
            CorruptDataException.Throw($"An index claims {count} {what}; {Left} bytes are left.", Position - 4);
        }

        return count;
    }

    /// <summary>Reads a text of Java's writeUTF.</summary>
    public string ReadText()
    {
        var bytes = Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2)));
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length;)
        {
            var more = bytes[i] < 0x80 ? 0 : bytes[i] < 0xE0 ? 1 : 2;
            if (i + more >= bytes.Length)
            {
                CorruptDataException.Throw("A name ends inside a character.", Position);
            }

            text.Append(more switch
            {
                0 => (char)bytes[i],
                1 => (char)(((bytes[i] & 0x1F) << 6) | (bytes[i + 1] & 0x3F)),
                _ => (char)(((bytes[i] & 0x0F) << 12) | ((bytes[i + 1] & 0x3F) << 6) | (bytes[i + 2] & 0x3F)),
            });
            i += more + 1;
        }

        return text.ToString();
    }

    /// <summary>Reads some bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
        {
            CorruptDataException.Throw($"An index of {_bytes.Length} bytes ends where {count} bytes are expected.", Position);
        }

        Position += count;
        return _bytes.Slice(Position - count, count);
    }
}
