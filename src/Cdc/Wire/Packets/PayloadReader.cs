using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>
/// Reads the integers and strings of one packet's payload, little-endian, never past its end: a length that the payload
/// does not hold is a <see cref="CorruptDataException"/>.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    public int Offset { get; private set; }

    public readonly int Remaining => _payload.Length - Offset;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public ReadOnlySpan<byte> ReadRest() => Take(Remaining);

    /// <summary>Bytes up to a NUL, which is passed over; up to the end where <paramref name="endMayClose"/>.</summary>
    public ReadOnlySpan<byte> ReadNulTerminated(bool endMayClose = false)
    {
        var length = _payload[Offset..].IndexOf((byte)0);
        if (length < 0)
        {
            if (!endMayClose)
            {
                CorruptDataException.Throw("A packet holds a text that no NUL ends", Offset);
            }

            return ReadRest();
        }

        var text = Take(length);
        Offset++;
        return text;
    }

    /// <summary>A length-encoded integer; 0xfb (NULL) and 0xff are refused.</summary>
    public ulong ReadLengthEncoded()
    {
        var first = ReadByte();
        switch (first)
        {
            case < 0xfb: return first;
            case 0xfc: return ReadUInt16();
            case 0xfd:
                var bytes = Take(3);
                return (ulong)(bytes[0] | (bytes[1] << 8) | (bytes[2] << 16));
            case 0xfe: return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
            default:
                CorruptDataException.Throw($"A packet holds 0x{first:x2} where a length-encoded integer begins", Offset - 1);
                return 0;
        }
    }

    public ReadOnlySpan<byte> ReadLengthEncodedBytes()
    {
        var length = ReadLengthEncoded();
        if (length > (ulong)Remaining)
        {
            ThrowShort(length > int.MaxValue ? int.MaxValue : (int)length);
        }

        return Take((int)length);
    }

    public string ReadLengthEncodedText() => Encoding.UTF8.GetString(ReadLengthEncodedBytes());

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            ThrowShort(count);
        }

        var bytes = _payload.Slice(Offset, count);
        Offset += count;
        return bytes;
    }

    [DoesNotReturn]
    private readonly void ThrowShort(int count) => CorruptDataException.Throw(
        $"A packet of {_payload.Length} bytes ends before a field of {count} bytes", Offset);
}
