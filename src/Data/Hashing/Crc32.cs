using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaimonSharp.Data.Hashing;

/// <summary>
/// The CRC-32 of IEEE 802.3 (reflected polynomial EDB88320), as zlib, snappy blocks of Avro and MySQL's binlog use it.
/// Long inputs are folded 64 bytes a step by carry-less multiplication where the processor has it (Intel, "Fast CRC
/// Computation for Generic Polynomials Using PCLMULQDQ"); elsewhere eight tables take eight bytes a step.
/// </summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of some bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="previous">The checksum of the bytes before them, 0 at the begin.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes, uint previous = 0)
    {
        var crc = ~previous;
        if (Pclmulqdq.IsSupported && Sse2.IsSupported && bytes.Length >= 64)
        {
            var folded = bytes.Length & ~15;
            crc = Fold(crc, bytes[..folded]);
            bytes = bytes[folded..];
        }

        return ~UpdateByTables(crc, bytes);
    }

    /// <summary>Continues an inverted checksum by the tables alone.</summary>
    internal static uint UpdateByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[(7 * 256) + (int)(low & 0xFF)]
                ^ tables[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)]
                ^ tables[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[256 + (int)((high >> 16) & 0xFF)]
                ^ tables[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            crc = tables[(int)((crc ^ value) & 0xFF)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint Fold(uint state, ReadOnlySpan<byte> bytes)
    {
        var foldBy4 = Vector128.Create(0x0154442bd4UL, 0x01c6e41596UL);
        var foldBy1 = Vector128.Create(0x01751997d0UL, 0x00ccaa009eUL);
        var x0 = Vector128.Create(bytes[..16]).AsUInt64() ^ Vector128.CreateScalar(state).AsUInt64();
        var x1 = Vector128.Create(bytes.Slice(16, 16)).AsUInt64();
        var x2 = Vector128.Create(bytes.Slice(32, 16)).AsUInt64();
        var x3 = Vector128.Create(bytes.Slice(48, 16)).AsUInt64();
        bytes = bytes[64..];
        while (bytes.Length >= 64)
        {
            x0 = Multiply(x0, foldBy4) ^ Vector128.Create(bytes[..16]).AsUInt64();
            x1 = Multiply(x1, foldBy4) ^ Vector128.Create(bytes.Slice(16, 16)).AsUInt64();
            x2 = Multiply(x2, foldBy4) ^ Vector128.Create(bytes.Slice(32, 16)).AsUInt64();
            x3 = Multiply(x3, foldBy4) ^ Vector128.Create(bytes.Slice(48, 16)).AsUInt64();
            bytes = bytes[64..];
        }

        x0 = Multiply(x0, foldBy1) ^ x1;
        x0 = Multiply(x0, foldBy1) ^ x2;
        x0 = Multiply(x0, foldBy1) ^ x3;
        while (bytes.Length >= 16)
        {
            x0 = Multiply(x0, foldBy1) ^ Vector128.Create(bytes[..16]).AsUInt64();
            bytes = bytes[16..];
        }

        // The remainder of the 16 bytes that are left, with nothing before them, is the state.
        Span<byte> rest = stackalloc byte[16];
        x0.AsByte().CopyTo(rest);
        return UpdateByTables(0, rest);
    }

    private static Vector128<ulong> Multiply(Vector128<ulong> value, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(value, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, constants, 0x11);

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            tables[i] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = (tables[i - 256] >> 8) ^ tables[(int)(tables[i - 256] & 0xFF)];
        }

        return tables;
    }
}
