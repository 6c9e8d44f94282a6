using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>An integer of a row image as 64 bits.</summary>
internal interface IIntegerSource
{
    static abstract long Read(ReadOnlySpan<byte> rows, int offset);
}

internal readonly struct SignedByte : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => (sbyte)rows[offset];
}

internal readonly struct UnsignedByte : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => rows[offset];
}

internal readonly struct SignedTwo : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadInt16LittleEndian(rows[offset..]);
}

internal readonly struct UnsignedTwo : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(rows[offset..]);
}

internal readonly struct SignedThree : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => (int)(uint)(UnsignedThree.Read(rows, offset) << 8) >> 8;
}

internal readonly struct UnsignedThree : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) =>
        (uint)(rows[offset] | (rows[offset + 1] << 8) | (rows[offset + 2] << 16));
}

internal readonly struct SignedFour : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadInt32LittleEndian(rows[offset..]);
}

internal readonly struct UnsignedFour : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(rows[offset..]);
}

internal readonly struct SignedEight : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadInt64LittleEndian(rows[offset..]);
}

/// <summary>BIGINT UNSIGNED into a signed column.</summary>
internal readonly struct UnsignedEight : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset)
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(rows[offset..]);
        return value <= long.MaxValue ? (long)value : throw new PaimonException(
            ErrorKind.Invalid, $"The value {value} does not fit BIGINT; leave out type-mapping=bigint-unsigned-to-bigint.");
    }
}

internal readonly struct YearByte : IIntegerSource
{
    public static long Read(ReadOnlySpan<byte> rows, int offset) => rows[offset] == 0 ? 0 : rows[offset] + 1900;
}

/// <summary>An integer into a column at least as wide, or checked into a narrower one.</summary>
internal readonly struct IntegerReader<TSource, TTarget> : IValueReader<TTarget>
    where TSource : struct, IIntegerSource
    where TTarget : unmanaged, IBinaryInteger<TTarget>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TTarget Read(ReadOnlySpan<byte> rows, int offset)
    {
        var value = TSource.Read(rows, offset);
        var narrowed = TTarget.CreateTruncating(value);
        if (long.CreateTruncating(narrowed) != value)
        {
            ThrowTooLarge(value);
        }

        return narrowed;
    }

    private static void ThrowTooLarge(long value) => throw new PaimonException(
        ErrorKind.Invalid, $"The value {value} does not fit the table's column.");
}

/// <summary>BIGINT UNSIGNED into DECIMAL(20, 0).</summary>
internal readonly struct UnsignedEightDecimal : IValueReader<Int128>
{
    public Int128 Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(rows[offset..]);
}

internal readonly struct SingleReader : IValueReader<float>
{
    public float Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadSingleLittleEndian(rows[offset..]);
}

internal readonly struct SingleAsDoubleReader : IValueReader<double>
{
    public double Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadSingleLittleEndian(rows[offset..]);
}

internal readonly struct DoubleReader : IValueReader<double>
{
    public double Read(ReadOnlySpan<byte> rows, int offset) => BinaryPrimitives.ReadDoubleLittleEndian(rows[offset..]);
}

/// <summary>TINYINT(1) and BIT(1): true unless all bytes are zero.</summary>
internal sealed class BooleanDecoder : ColumnDecoder
{
    public override void Decode(ReadOnlySpan<byte> rows, ReadOnlySpan<int> offsets, bool hasNull, ColumnVector target)
    {
        var vector = (BooleanVector)target;
        foreach (var offset in offsets)
        {
            if (offset < 0)
            {
                AppendNull(target);
            }
            else
            {
                vector.Append(rows[offset] != 0);
            }
        }
    }
}
