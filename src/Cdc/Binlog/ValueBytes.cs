using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>Reads integers and length-prefixed values of row images that <see cref="RowLocator"/> has found whole.</summary>
internal static class ValueBytes
{
    /// <summary>A little-endian length of 1 to 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadLength(ReadOnlySpan<byte> rows, int at, int prefix) => prefix switch
    {
        1 => rows[at],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(rows[at..]),
        3 => (uint)(rows[at] | (rows[at + 1] << 8) | (rows[at + 2] << 16)),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(rows[at..]),
    };

    /// <summary>The bytes of a value of any column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> rows, int at, int width) =>
        width >= 0 ? rows.Slice(at, width) : rows.Slice(at - width, (int)ReadLength(rows, at, -width));

    /// <summary>An unsigned little-endian integer of 1 to 8 bytes.</summary>
    public static ulong LittleEndian(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    /// <summary>A signed little-endian integer of 1 to 8 bytes.</summary>
    public static long SignedLittleEndian(ReadOnlySpan<byte> bytes)
    {
        var shift = 64 - (bytes.Length * 8);
        return (long)(LittleEndian(bytes) << shift) >> shift;
    }

    /// <summary>An unsigned big-endian integer of 1 to 8 bytes.</summary>
    public static ulong BigEndian(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var part in bytes)
        {
            value = (value << 8) | part;
        }

        return value;
    }
}
