using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>Integers of seven bits a byte, least significant first.</summary>
internal static class Varint
{
    public static uint ReadUInt32(byte[] buffer, ref int position, int end)
    {
        var value = ReadUInt64(buffer, ref position, end);
        if (value > uint.MaxValue)
        {
            CorruptDataException.Throw($"{value} does not fit in 32 bits.", position);
        }

        return (uint)value;
    }

    public static ulong ReadUInt64(byte[] buffer, ref int position, int end)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= end)
            {
                CorruptDataException.Throw("A variable-length integer ends too early.", position);
            }

            var next = buffer[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        CorruptDataException.Throw("A variable-length integer has more than ten bytes.", position);
        return 0;
    }

    public static long ReadZigzag(byte[] buffer, ref int position, int end)
    {
        var value = ReadUInt64(buffer, ref position, end);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
