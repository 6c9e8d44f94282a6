using System.Buffers.Binary;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;

namespace PaimonSharp.Storage.Formats.DeletionVectors;

/// <summary>
/// A deletion vector in an index file (docs/format.md#deletion-vectors):
/// <code>
/// 4 bytes, big endian: n, the bytes of mark and bitmaps
/// 32-bit: 4 bytes, big endian:    1581511376; one Roaring bitmap
/// 64-bit: 4 bytes, little endian: 1681511377; 8 bytes: number of bitmaps; for each 4 bytes: its key, and the bitmap
/// 4 bytes, big endian: CRC-32 of the n bytes
/// </code>
/// </summary>
internal static class DeletionVectorCodec
{
    private const int Mark32 = 1581511376;
    private const int Mark64 = 1681511377;
    private const int LengthBytes = 4;
    private const int MarkBytes = 4;
    private const int CrcBytes = 4;
    private const int CountBytes = 8;
    private const int KeyBytes = 4;

    /// <summary>What a vector's bytes are besides the length that an index manifest states for it.</summary>
    /// <param name="is64Bit">The form: only that of 32 bits leaves length and checksum uncounted.</param>
    public static int UncountedBytes(bool is64Bit) => is64Bit ? 0 : LengthBytes + CrcBytes;

    /// <summary>Writes a vector.</summary>
    /// <returns>All its bytes.</returns>
    public static byte[] Write(DeletionVector vector)
    {
        var parts = vector.Parts;
        var size = MarkBytes;
        if (vector.Is64Bit)
        {
            size += CountBytes;
            foreach (var part in parts)
            {
                part.Optimize();
                size = checked(size + KeyBytes + RoaringCodec.SizeOf(part));
            }
        }
        else
        {
            parts = parts.Count == 0 ? [new RoaringBitmap()] : parts;
            parts[0].Optimize();
            size = checked(size + RoaringCodec.SizeOf(parts[0]));
        }

        var bytes = new byte[checked(LengthBytes + size + CrcBytes)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, size);
        var body = bytes.AsSpan(LengthBytes, size);
        if (vector.Is64Bit)
        {
            WriteParts(parts, body);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(body, Mark32);
            RoaringCodec.Write(parts[0], body[MarkBytes..]);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(LengthBytes + size), Crc32.Compute(body));
        return bytes;
    }

    /// <summary>Reads a vector.</summary>
    /// <param name="bytes">All its bytes, as <see cref="Write"/> gives them.</param>
    /// <exception cref="CorruptDataException">They are no vector, or they are damaged.</exception>
    public static DeletionVector Read(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length < LengthBytes + MarkBytes + CrcBytes ? -1 : BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length != bytes.Length - LengthBytes - CrcBytes)
        {
            CorruptDataException.Throw($"A deletion vector of {bytes.Length} bytes states a length of {length}.");
        }

        var body = bytes.Slice(LengthBytes, length);
        var expected = BinaryPrimitives.ReadUInt32BigEndian(bytes[^CrcBytes..]);
        var actual = Crc32.Compute(body);
        if (actual != expected)
        {
            CorruptDataException.Throw($"A deletion vector has the checksum {actual:x8}; {expected:x8} is stored.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(body) == Mark64)
        {
            return ReadParts(body[MarkBytes..]);
        }

        if (BinaryPrimitives.ReadInt32BigEndian(body) != Mark32)
        {
            CorruptDataException.Throw(
                $"A deletion vector begins with the mark {Mark32} or {Mark64}, not with {BinaryPrimitives.ReadInt32BigEndian(body)}.");
        }

        var bitmap = RoaringCodec.Read(body[MarkBytes..], out var used);
        CheckEnd(body.Length - MarkBytes - used);
        return DeletionVector.Of([bitmap], is64Bit: false);
    }

    private static void WriteParts(IReadOnlyList<RoaringBitmap> parts, Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Mark64);
        BinaryPrimitives.WriteInt64LittleEndian(target[MarkBytes..], parts.Count);
        target = target[(MarkBytes + CountBytes)..];
        for (var key = 0; key < parts.Count; key++)
        {
            var size = RoaringCodec.SizeOf(parts[key]);
            BinaryPrimitives.WriteInt32LittleEndian(target, key);
            RoaringCodec.Write(parts[key], target.Slice(KeyBytes, size));
            target = target[(KeyBytes + size)..];
        }
    }

    private static DeletionVector ReadParts(ReadOnlySpan<byte> bytes)
    {
        var count = bytes.Length < CountBytes ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (count is < 0 or > DeletionVector.MaxParts)
        {
            CorruptDataException.Throw($"A deletion vector claims {count} bitmaps; 0 to {DeletionVector.MaxParts} are possible.");
        }

        var parts = new List<RoaringBitmap>();
        bytes = bytes[CountBytes..];
        for (; count > 0; count--)
        {
            var key = bytes.Length < KeyBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (key < parts.Count || key >= DeletionVector.MaxParts)
            {
                CorruptDataException.Throw($"A deletion vector has a bitmap of the key {key} after {parts.Count} others.");
            }

            // Bitmaps without a position may be left out.
            while (parts.Count < key)
            {
                parts.Add(new RoaringBitmap());
            }

            parts.Add(RoaringCodec.Read(bytes[KeyBytes..], out var used));
            bytes = bytes[(KeyBytes + used)..];
        }

        CheckEnd(bytes.Length);
        return DeletionVector.Of(parts, is64Bit: true);
    }

    private static void CheckEnd(int left)
    {
        if (left != 0)
        {
            CorruptDataException.Throw($"A deletion vector has {left} bytes after its last bitmap.");
        }
    }
}
