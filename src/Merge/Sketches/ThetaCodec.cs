using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// The bytes of a theta sketch (docs/format.md#theta-sketches), little endian:
/// <code>
/// 1 byte: longs of the header (lower 6 bits); version; family; lg of the nominal entries; lg of the table's room; flags;
/// 2 bytes: hash of the seed
/// 2 longs and more: number of hashes, 4 bytes; 1.0f
/// 3 longs: the bound
/// hashes of 8 bytes
/// </code>
/// Compact sketches, hash tables (updatable sketches) and compressed sketches are read; compact, ordered ones are written.
/// </summary>
internal static class ThetaCodec
{
    private const ushort SeedHash = 0x93CC;
    private const int CompactFamily = 3;
    private const int EmptyFlag = 4;
    private const int CompactFlag = 8;
    private const int SingleFlag = 32;

    // Read-only, compact, ordered.
    private const int WrittenFlags = 0x1A;

    /// <summary>Adds the hashes of a sketch to those of others.</summary>
    /// <param name="bytes">The sketch.</param>
    /// <param name="union">Takes them.</param>
    /// <exception cref="CorruptDataException">The bytes are not a sketch.</exception>
    /// <exception cref="PaimonException">
    /// Unsupported: a version before 3. Invalid: made with another seed than the default.
    /// </exception>
    public static void AddTo(ReadOnlySpan<byte> bytes, ThetaSketch union)
    {
        // An empty sketch has 8 bytes; DataSketches passes over anything as short.
        if (bytes.Length < 16)
        {
            return;
        }

        switch (bytes[1])
        {
            case 3:
                AddPlain(bytes, union);
                break;
            case 4:
                AddCompressed(bytes, union);
                break;
            case 1 or 2:
                throw new PaimonException(
                    ErrorKind.Unsupported,
                    $"Theta sketches of the form before DataSketches 1.0 (version {bytes[1]}) are not read; versions 3 and 4 are.");
            default:
                CorruptDataException.Throw($"No theta sketch begins with {Convert.ToHexString(bytes[..8])}.");
                break;
        }
    }

    /// <summary>Writes the hashes in the compact form, ascending.</summary>
    /// <param name="sketch">Finished.</param>
    /// <param name="target">Takes the bytes.</param>
    public static void Write(ThetaSketch sketch, IBufferWriter<byte> target)
    {
        var count = sketch.Hashes.Count;
        var isBounded = sketch.Bound != ThetaSketch.NoBound;
        var isEmpty = sketch.IsEmpty || (count == 0 && !isBounded);
        var isSingle = count == 1 && !isBounded;
        var header = isEmpty || isSingle ? 1 : isBounded ? 3 : 2;
        var size = 8 * (header + (isEmpty ? 0 : count));
        var bytes = target.GetSpan(size)[..size];
        bytes.Clear();
        (bytes[0], bytes[1], bytes[2]) = ((byte)header, 3, CompactFamily);
        bytes[5] = (byte)(WrittenFlags | (isEmpty ? EmptyFlag : 0) | (isSingle ? SingleFlag : 0));
        if (!isEmpty)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], SeedHash);
            if (header > 1)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], count);
                BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], 1);
            }

            if (header > 2)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], sketch.Bound);
            }

            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * (header + i))..], sketch.Hashes[i]);
            }
        }

        target.Advance(size);
    }

    private static void AddPlain(ReadOnlySpan<byte> bytes, ThetaSketch union)
    {
        var header = bytes[0] & 0x3F;
        if (bytes[2] is < 1 or > CompactFamily || header is < 1 or > 3)
        {
            CorruptDataException.Throw($"No theta sketch begins with {Convert.ToHexString(bytes[..8])}.");
        }

        int flags = bytes[5];
        if (header == 1)
        {
            if ((bytes[2] == CompactFamily && (flags & 0x1F) == WrittenFlags) || (flags & SingleFlag) != 0)
            {
                AddHash(bytes, 8, union);
            }

            return;
        }

        CheckSeed(bytes);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (header == 2 && count == 0)
        {
            return;
        }

        Need(bytes, 8L * header);
        union.Limit(header == 3 ? BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) : ThetaSketch.NoBound);
        var room = (flags & CompactFlag) != 0 ? count : 1L << Math.Min(bytes[4], (byte)31);
        if (count < 0)
        {
            CorruptDataException.Throw($"A theta sketch says that it has {count} hashes.");
        }

        Need(bytes, 8 * (header + room));
        for (var i = 0; i < room; i++)
        {
            AddHash(bytes, 8 * (header + i), union);
        }
    }

    // Hashes ascend and are stored as differences of a fixed number of bits, highest bit first.
    private static void AddCompressed(ReadOnlySpan<byte> bytes, ThetaSketch union)
    {
        if ((bytes[5] & EmptyFlag) != 0)
        {
            return;
        }

        CheckSeed(bytes);
        int bits = bytes[3];
        int countBytes = bytes[4];
        var at = (bytes[0] & 0x3F) > 1 ? 16 : 8;
        if (bits is < 1 or > 63 || countBytes is < 1 or > 4)
        {
            CorruptDataException.Throw($"A theta sketch has differences of {bits} bits and a count of {countBytes} bytes.");
        }

        Need(bytes, at + countBytes);
        union.Limit(at == 16 ? BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) : ThetaSketch.NoBound);
        var count = 0L;
        for (var i = 0; i < countBytes; i++)
        {
            count |= (long)bytes[at++] << (8 * i);
        }

        Need(bytes, at + (((count * bits) + 7) / 8));
        var bit = 8L * at;
        var hash = 0L;
        for (var i = 0L; i < count; i++)
        {
            var difference = 0L;
            for (var j = 0; j < bits; j++, bit++)
            {
                difference = (difference << 1) | (long)((bytes[(int)(bit >> 3)] >> (int)(7 - (bit & 7))) & 1);
            }

            hash += difference;
            union.Add(hash);
        }
    }

    private static void AddHash(ReadOnlySpan<byte> bytes, int at, ThetaSketch union)
    {
        var hash = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
        if (hash != 0)
        {
            union.Add(hash);
        }
    }

    private static void CheckSeed(ReadOnlySpan<byte> bytes)
    {
        var seed = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (seed != SeedHash)
        {
            PaimonException.ThrowInvalid(
                $"A theta sketch was made with another seed (hash {seed:x4}) than DataSketches' default ({SeedHash:x4}); "
                + "sketches of different seeds have no union.");
        }
    }

    private static void Need(ReadOnlySpan<byte> bytes, long size)
    {
        if (bytes.Length < size)
        {
            CorruptDataException.Throw($"A theta sketch ends after {bytes.Length} bytes; it needs {size}.");
        }
    }
}
