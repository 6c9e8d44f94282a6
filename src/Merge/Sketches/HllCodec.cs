using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// The bytes of a HyperLogLog sketch (docs/format.md#hll-sketches), little endian:
/// <code>
/// 1 byte: ints of the header (2 list, 3 set, 10 registers); 1, the version; 7, the family; lgK; lg of the table's room; flags;
/// number of coupons in a list or smallest value of the registers; mode and width
/// list, set: a set's number of coupons, 4 bytes; coupons of 4 bytes
/// registers: estimate, sums below and from 32 on, 8 bytes each; registers of the smallest value, 4 bytes; exceptions, 4 bytes;
///            registers of 4, 6 or 8 bits; of 4 bits: exceptions of 4 bytes
/// </code>
/// Compact and updatable sketches of all widths are read; compact ones with registers of 4 bits are written.
/// </summary>
internal static class HllCodec
{
    private const int Version = 1;
    private const int Family = 7;
    private const int CompactFlag = 8;
    private const int EmptyFlag = 4;
    private const int OutOfOrderFlag = 16;
    private const int ListHeader = 8;
    private const int SetHeader = 12;
    private const int RegisterHeader = 40;
    private const int ExceptionMark = 15;

    /// <summary>Reads a sketch.</summary>
    /// <param name="bytes">The sketch.</param>
    /// <exception cref="CorruptDataException">The bytes are not a sketch.</exception>
    public static HllSketch Read(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, ListHeader);
        var mode = (HllMode)(bytes[7] & 3);
        var header = mode switch { HllMode.List => 2, HllMode.Set => 3, _ => 10 };
        int lgK = bytes[3];
        if (bytes[1] != Version || bytes[2] != Family || (bytes[0] & 0x3F) != header
            || (bytes[7] & 3) == 3 || bytes[7] >> 2 > 2 || lgK is < 4 or > 21)
        {
            CorruptDataException.Throw($"No HLL sketch of Apache DataSketches begins with {Convert.ToHexString(bytes[..8])}.");
        }

        return mode switch
        {
            HllMode.List => ReadList(bytes, lgK),
            HllMode.Set => ReadSet(bytes, lgK),
            _ => ReadRegisters(bytes, lgK),
        };
    }

    /// <summary>Writes a sketch in its compact form, registers with 4 bits.</summary>
    public static void Write(HllSketch sketch, IBufferWriter<byte> target)
    {
        if (sketch.Mode == HllMode.Registers)
        {
            WriteRegisters(sketch, target);
            return;
        }

        var isList = sketch.Mode == HllMode.List;
        var start = isList ? ListHeader : SetHeader;
        var size = start + (4 * sketch.Count);
        var bytes = target.GetSpan(size)[..size];
        ReadOnlySpan<byte> header =
        [
            (byte)(start / 4), Version, Family, (byte)sketch.LgK, (byte)sketch.LgCoupons,
            (byte)(CompactFlag | (sketch.Count == 0 ? EmptyFlag : 0)), (byte)(isList ? sketch.Count : 0), (byte)sketch.Mode,
        ];
        header.CopyTo(bytes);
        if (!isList)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], sketch.Count);
        }

        foreach (var coupon in sketch.Coupons)
        {
            if (coupon != 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes[start..], coupon);
                start += 4;
            }
        }

        target.Advance(size);
    }

    private static HllSketch ReadList(ReadOnlySpan<byte> bytes, int lgK)
    {
        var sketch = new HllSketch(lgK);
        AddCoupons(sketch, bytes, ListHeader, bytes[6]);
        return sketch;
    }

    private static HllSketch ReadSet(ReadOnlySpan<byte> bytes, int lgK)
    {
        Need(bytes, SetHeader);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (lgK < 8 || count < 0 || 4L * count > 3L << (lgK - 3))
        {
            CorruptDataException.Throw($"An HLL sketch of 2^{lgK} registers has {count} coupons, too many for a set.");
        }

        if ((bytes[5] & CompactFlag) != 0)
        {
            var sketch = HllSketch.EmptySet(lgK);
            AddCoupons(sketch, bytes, SetHeader, count);
            return sketch;
        }

        int lgTable = bytes[4];
        if (lgTable < 5 || lgTable > lgK - 3 || 4L * count > 3L << lgTable)
        {
            CorruptDataException.Throw($"An HLL sketch keeps {count} coupons in a table of 2^{lgTable}.");
        }

        var table = new int[1 << lgTable];
        Need(bytes, SetHeader + (4L * table.Length));
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(SetHeader + (4 * i))..]);
            count -= table[i] == 0 ? 0 : 1;
        }

        if (count != 0)
        {
            CorruptDataException.Throw("An HLL sketch has other than as many coupons as it says.");
        }

        return new HllSketch(lgK, table, lgTable, BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
    }

    private static void AddCoupons(HllSketch sketch, ReadOnlySpan<byte> bytes, int start, int count)
    {
        Need(bytes, start + (4L * count));
        for (var i = 0; i < count; i++)
        {
            sketch.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes[(start + (4 * i))..]));
        }
    }

    private static HllSketch ReadRegisters(ReadOnlySpan<byte> bytes, int lgK)
    {
        Need(bytes, RegisterHeader);
        var registers = new byte[1 << lgK];
        var values = bytes[RegisterHeader..];
        switch (bytes[7] >> 2)
        {
            case 0:
                ReadNarrow(bytes, lgK, registers);
                break;
            case 1:
                Need(bytes, RegisterHeader + (registers.Length * 3 / 4) + 1);
                for (var i = 0; i < registers.Length; i++)
                {
                    var bit = 6 * i;
                    var two = BinaryPrimitives.ReadUInt16LittleEndian(values[(bit >> 3)..]);
                    registers[i] = (byte)((two >> (bit & 7)) & 0x3F);
                }

                break;
            default:
                Need(bytes, RegisterHeader + registers.Length);
                for (var i = 0; i < registers.Length; i++)
                {
                    registers[i] = (byte)(values[i] & 0x3F);
                }

                break;
        }

        return new HllSketch(
            lgK, registers, BinaryPrimitives.ReadDoubleLittleEndian(bytes[8..]), (bytes[5] & OutOfOrderFlag) != 0);
    }

    private static void ReadNarrow(ReadOnlySpan<byte> bytes, int lgK, byte[] registers)
    {
        var exceptions = BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]);
        var start = RegisterHeader + (registers.Length / 2);
        var isCompact = (bytes[5] & CompactFlag) != 0;
        var room = isCompact || exceptions == 0 ? exceptions : 1 << Math.Min(bytes[4], (byte)21);
        if (exceptions < 0 || room > registers.Length)
        {
            CorruptDataException.Throw($"An HLL sketch of 2^{lgK} registers has {exceptions} exceptions.");
        }

        Need(bytes, start + (4L * room));
        var expected = 0;
        for (var i = 0; i < registers.Length; i++)
        {
            var value = (bytes[RegisterHeader + (i >> 1)] >> (4 * (i & 1))) & 0xF;
            registers[i] = value == ExceptionMark ? (byte)0 : (byte)(value + bytes[6]);
            expected += value == ExceptionMark ? 1 : 0;
        }

        for (var i = 0; i < room; i++)
        {
            var pair = BinaryPrimitives.ReadInt32LittleEndian(bytes[(start + (4 * i))..]);
            if (pair != 0)
            {
                registers[pair & (registers.Length - 1)] = (byte)(pair >>> HllSketch.KeyBits);
                expected--;
            }
        }

        if (expected != 0)
        {
            CorruptDataException.Throw("The exceptions of an HLL sketch are not those of its registers.");
        }
    }

    private static void WriteRegisters(HllSketch sketch, IBufferWriter<byte> target)
    {
        var registers = sketch.Registers;
        var smallest = byte.MaxValue;
        var atSmallest = 0;
        foreach (var value in registers)
        {
            atSmallest = value < smallest ? 1 : value == smallest ? atSmallest + 1 : atSmallest;
            smallest = Math.Min(smallest, value);
        }

        HllExceptions? exceptions = null;
        for (var i = 0; i < registers.Length; i++)
        {
            if (registers[i] - smallest >= ExceptionMark)
            {
                exceptions ??= new HllExceptions(sketch.LgK);
                exceptions.Add(i, HllSketch.Pair(i, registers[i]));
            }
        }

        var count = exceptions?.Count ?? 0;
        var at = RegisterHeader + (registers.Length / 2);
        var size = at + (4 * count);
        var bytes = target.GetSpan(size)[..size];
        bytes[..at].Clear();
        ReadOnlySpan<byte> header =
        [
            RegisterHeader / 4, Version, Family, (byte)sketch.LgK, (byte)(exceptions?.LgSize ?? 0),
            (byte)(CompactFlag | (sketch.IsOutOfOrder ? OutOfOrderFlag : 0)), smallest, (byte)HllMode.Registers,
        ];
        header.CopyTo(bytes);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[8..], sketch.Hip);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[16..], sketch.LowSum);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[24..], sketch.HighSum);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], atSmallest);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], count);
        for (var i = 0; i < registers.Length; i++)
        {
            var value = Math.Min(registers[i] - smallest, ExceptionMark);
            bytes[RegisterHeader + (i >> 1)] |= (byte)(value << (4 * (i & 1)));
        }

        foreach (var pair in exceptions is null ? default : exceptions.Pairs)
        {
            if (pair != 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], pair);
                at += 4;
            }
        }

        target.Advance(size);
    }

    private static void Need(ReadOnlySpan<byte> bytes, long size)
    {
        if (bytes.Length < size)
        {
            CorruptDataException.Throw($"An HLL sketch ends after {bytes.Length} bytes; it needs {size}.");
        }
    }
}
