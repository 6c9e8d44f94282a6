using System.Buffers.Binary;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Types;

/// <summary>Reads the little-endian integers, length-encoded integers and texts of an event; every read is bounds-checked.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly int Position => _at;

    public readonly int Remaining => _bytes.Length - _at;

    public readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public ulong UInt48()
    {
        var six = Take(6);
        return BinaryPrimitives.ReadUInt32LittleEndian(six) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(six[4..]) << 32);
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if ((ulong)count > (ulong)(_bytes.Length - _at))
        {
            CorruptDataException.Throw($"{count} bytes are wanted at byte {_at} of an event body, {Remaining} are there.");
        }

        var taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    /// <summary>A length-encoded integer of the client protocol.</summary>
    public ulong LengthEncoded()
    {
        var first = Byte();
        switch (first)
        {
            case < 0xFB:
                return first;
            case 0xFC:
                return UInt16();
            case 0xFD:
                var three = Take(3);
                return (uint)(three[0] | (three[1] << 8) | (three[2] << 16));
            case 0xFE:
                return UInt64();
            default:
                CorruptDataException.Throw($"0x{first:X2} does not begin a length-encoded integer.");
                return 0;
        }
    }

    /// <summary>A length-encoded count or length that must fit the bytes left, at least <paramref name="unit"/> bytes each.</summary>
    public int Count(int unit = 1)
    {
        var count = LengthEncoded();
        if (count * (ulong)unit > (ulong)Remaining || count > int.MaxValue)
        {
            CorruptDataException.Throw($"A count of {count} at byte {_at} is more than the {Remaining} bytes left can hold.");
        }

        return (int)count;
    }

    public string LengthEncodedText() => Encoding.UTF8.GetString(Take(Count()));

    /// <summary>The integer of mysql::serialization: leading one bits (from the lowest) count the extra bytes.</summary>
    public ulong Varint()
    {
        var first = Byte();
        var extra = System.Numerics.BitOperations.TrailingZeroCount(~(uint)first & 0x1FF);
        if (extra == 0)
        {
            return (ulong)first >> 1;
        }

        var rest = Take(extra);
        ulong value = 0;
        for (var i = extra - 1; i >= 0; i--)
        {
            value = (value << 8) | rest[i];
        }

        // The first byte holds 7 - extra value bits; with 7 or 8 extra bytes it holds none.
        return extra >= 7 ? value : (value << (7 - extra)) | ((ulong)first >> (extra + 1));
    }

    /// <summary>A signed <see cref="Varint"/>: the lowest bit is the sign.</summary>
    public long SignedVarint()
    {
        var value = Varint();
        return (value & 1) == 0 ? (long)(value >> 1) : -(long)(value >> 1) - 1;
    }
}
