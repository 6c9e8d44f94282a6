using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>Builds the payload of one packet, little-endian. Reused from packet to packet by <see cref="Clear"/>.</summary>
internal sealed class PayloadWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>Overwrites what was written with zeros and starts again: packets may have held a password.</summary>
    public void Clear() => _bytes.Clear();

    public PayloadWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public PayloadWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
        return this;
    }

    public PayloadWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public PayloadWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public PayloadWriter Zeros(int count)
    {
        _bytes.GetSpan(count)[..count].Clear();
        _bytes.Advance(count);
        return this;
    }

    public PayloadWriter Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public PayloadWriter Text(string value)
    {
        Encoding.UTF8.GetBytes(value, _bytes);
        return this;
    }

    public PayloadWriter NulTerminated(string value) => Text(value).Byte(0);

    public PayloadWriter LengthEncoded(ulong value) => value switch
    {
        < 0xfb => Byte((byte)value),
        <= 0xffff => Byte(0xfc).UInt16((ushort)value),
        <= 0xffffff => Byte(0xfd).UInt16((ushort)value).Byte((byte)(value >> 16)),
        _ => Byte(0xfe).UInt64(value),
    };

    public PayloadWriter LengthEncodedBytes(ReadOnlySpan<byte> value) => LengthEncoded((ulong)value.Length).Bytes(value);

    public PayloadWriter LengthEncodedText(string value) => LengthEncodedBytes(Encoding.UTF8.GetBytes(value));

    /// <summary>A text with a length of one byte.</summary>
    public PayloadWriter ShortText(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Byte(checked((byte)bytes.Length)).Bytes(bytes);
    }
}
