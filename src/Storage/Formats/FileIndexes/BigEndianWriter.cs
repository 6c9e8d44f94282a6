using System.Buffers;
using System.Buffers.Binary;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Numbers and texts as Java's DataOutput writes them, big endian. For one thread.</summary>
internal sealed class BigEndianWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The bytes written.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>Writes a byte.</summary>
    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>Writes 4 bytes.</summary>
    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>Writes 8 bytes.</summary>
    public void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>Writes the lowest bytes of a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="width">1, 2, 4 or 8 bytes.</param>
    public void WriteNumber(long value, int width)
    {
        for (var shift = (width - 1) * 8; shift >= 0; shift -= 8)
        {
            WriteByte((byte)(value >> shift));
        }
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Writes a text as Java's writeUTF does: its bytes' number in 2 bytes; U+0000 in two bytes, surrogates one by one.</summary>
    public void WriteText(string text)
    {
        var bytes = ModifiedUtf8(text);
        WriteByte((byte)(bytes.Length >> 8));
        WriteByte((byte)bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>All bytes.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private static byte[] ModifiedUtf8(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var c in text)
        {
            if (c is > '\0' and < '\x80')
            {
                bytes.Add((byte)c);
            }
            else if (c < 0x800)
            {
                bytes.AddRange([(byte)(0xC0 | (c >> 6)), (byte)(0x80 | (c & 0x3F))]);
            }
            else
            {
                bytes.AddRange([(byte)(0xE0 | (c >> 12)), (byte)(0x80 | ((c >> 6) & 0x3F)), (byte)(0x80 | (c & 0x3F))]);
            }
        }

        return bytes.Count <= ushort.MaxValue
            ? [.. bytes]
            : throw new Data.Errors.PaimonException(
                Data.Errors.ErrorKind.Invalid, $"A name of {bytes.Count} bytes cannot have a file index; 65535 is the most.");
    }
}
