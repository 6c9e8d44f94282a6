using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>TINYINT as INT32.</summary>
internal readonly struct SByteCodec : IFixedCodec<sbyte>
{
    public static bool IsInteger => true;

    public int Width => 4;

    public static bool Less(sbyte left, sbyte right) => left < right;

    public static bool Same(sbyte left, sbyte right) => left == right;

    public static ulong Bits(sbyte value) => unchecked((ulong)value);

    public static long ToInt64(sbyte value) => value;

    public void Write(ReadOnlySpan<sbyte> values, Span<byte> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination[(4 * i)..], values[i]);
        }
    }
}

/// <summary>SMALLINT as INT32.</summary>
internal readonly struct ShortCodec : IFixedCodec<short>
{
    public static bool IsInteger => true;

    public int Width => 4;

    public static bool Less(short left, short right) => left < right;

    public static bool Same(short left, short right) => left == right;

    public static ulong Bits(short value) => unchecked((ulong)value);

    public static long ToInt64(short value) => value;

    public void Write(ReadOnlySpan<short> values, Span<byte> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination[(4 * i)..], values[i]);
        }
    }
}

/// <summary>INT, DATE and TIME as INT32, little-endian as this machine must be.</summary>
internal readonly struct IntCodec : IFixedCodec<int>
{
    public static bool IsInteger => true;

    public int Width => 4;

    public static bool Less(int left, int right) => left < right;

    public static bool Same(int left, int right) => left == right;

    public static ulong Bits(int value) => unchecked((ulong)value);

    public static long ToInt64(int value) => value;

    public void Write(ReadOnlySpan<int> values, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
    }
}

/// <summary>BIGINT, TIMESTAMP and DECIMAL of up to 18 digits as INT64.</summary>
internal readonly struct LongCodec : IFixedCodec<long>
{
    public static bool IsInteger => true;

    public int Width => 8;

    public static bool Less(long left, long right) => left < right;

    public static bool Same(long left, long right) => left == right;

    public static ulong Bits(long value) => unchecked((ulong)value);

    public static long ToInt64(long value) => value;

    public void Write(ReadOnlySpan<long> values, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
    }
}

/// <summary>DECIMAL of up to 9 digits as INT32.</summary>
internal readonly struct SmallDecimalCodec : IFixedCodec<long>
{
    public static bool IsInteger => true;

    public int Width => 4;

    public static bool Less(long left, long right) => left < right;

    public static bool Same(long left, long right) => left == right;

    public static ulong Bits(long value) => unchecked((ulong)value);

    public static long ToInt64(long value) => value;

    public void Write(ReadOnlySpan<long> values, Span<byte> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] != (int)values[i])
            {
                PaimonException.ThrowInvalid(
                    $"The decimal of unscaled value {values[i]} has more digits than its column can hold, as a sum may; "
                    + "give the column a type of more digits.");
            }

            BinaryPrimitives.WriteInt32LittleEndian(destination[(4 * i)..], (int)values[i]);
        }
    }
}

/// <summary>FLOAT.</summary>
internal readonly struct FloatCodec : IFixedCodec<float>
{
    public int Width => 4;

    public static bool Less(float left, float right)
    {
        if (left < right)
        {
            return true;
        }

        if (left > right || float.IsNaN(left))
        {
            return false;
        }

        return float.IsNaN(right) || (left == 0 && float.IsNegative(left) && float.IsPositive(right));
    }

    public static bool Same(float left, float right) => Bits(left) == Bits(right);

    public static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    public static bool IsNaN(float value) => float.IsNaN(value);

    public static float AsMin(float value) => value == 0 ? float.NegativeZero : value;

    public static float AsMax(float value) => value == 0 ? 0 : value;

    public void Write(ReadOnlySpan<float> values, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
    }
}

/// <summary>DOUBLE.</summary>
internal readonly struct DoubleCodec : IFixedCodec<double>
{
    public int Width => 8;

    public static bool Less(double left, double right)
    {
        if (left < right)
        {
            return true;
        }

        if (left > right || double.IsNaN(left))
        {
            return false;
        }

        return double.IsNaN(right) || (left == 0 && double.IsNegative(left) && double.IsPositive(right));
    }

    public static bool Same(double left, double right) => Bits(left) == Bits(right);

    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    public static bool IsNaN(double value) => double.IsNaN(value);

    public static double AsMin(double value) => value == 0 ? double.NegativeZero : value;

    public static double AsMax(double value) => value == 0 ? 0 : value;

    public void Write(ReadOnlySpan<double> values, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
    }
}

/// <summary>DECIMAL of more than 18 digits as big-endian two's complement of as many bytes as its precision needs.</summary>
internal readonly struct LargeDecimalCodec(int width) : IFixedCodec<Int128>
{
    public int Width => width;

    public static bool Less(Int128 left, Int128 right) => left < right;

    public static bool Same(Int128 left, Int128 right) => left == right;

    public static ulong Bits(Int128 value) => unchecked((ulong)value ^ ((ulong)(value >> 64) * 31));

    public void Write(ReadOnlySpan<Int128> values, Span<byte> destination)
    {
        Span<byte> whole = stackalloc byte[16];
        for (var i = 0; i < values.Length; i++)
        {
            var beyond = values[i] >> Math.Min(127, (8 * width) - 1);
            if (beyond != 0 && beyond != -1)
            {
                PaimonException.ThrowInvalid(
                    $"The decimal of unscaled value {values[i]} has more digits than its column can hold, as a sum may; "
                    + "give the column a type of more digits.");
            }

            BinaryPrimitives.WriteInt128BigEndian(whole, values[i]);
            whole[(16 - width)..].CopyTo(destination[(i * width)..]);
        }
    }
}

/// <summary>TIMESTAMP of precision 7 to 9 as INT96.</summary>
internal readonly struct NanoTimestampCodec : IFixedCodec<NanoTimestamp>
{
    public static bool HasOrder => false;

    public int Width => 12;

    public static bool Less(NanoTimestamp left, NanoTimestamp right) => left < right;

    public static bool Same(NanoTimestamp left, NanoTimestamp right) => left == right;

    public static ulong Bits(NanoTimestamp value) => unchecked(((ulong)value.EpochMillis * 1_000_003) ^ (ulong)value.NanoOfMilli);

    public void Write(ReadOnlySpan<NanoTimestamp> values, Span<byte> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var stored = Int96.From(values[i]);
            BinaryPrimitives.WriteInt64LittleEndian(destination[(12 * i)..], stored.NanoOfDay);
            BinaryPrimitives.WriteInt32LittleEndian(destination[((12 * i) + 8)..], stored.JulianDay);
        }
    }
}
