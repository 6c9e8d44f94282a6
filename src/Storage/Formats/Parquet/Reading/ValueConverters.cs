using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

internal readonly struct Identity<T> : IValueConverter<T, T>
{
    public static bool IsIdentity => true;

    public T Convert(T stored) => stored;
}

internal readonly struct IntToSByte : IValueConverter<int, sbyte>
{
    public static bool IsIdentity => false;

    public sbyte Convert(int stored) => unchecked((sbyte)stored);
}

internal readonly struct IntToShort : IValueConverter<int, short>
{
    public static bool IsIdentity => false;

    public short Convert(int stored) => unchecked((short)stored);
}

internal readonly struct IntToLong : IValueConverter<int, long>
{
    public static bool IsIdentity => false;

    public long Convert(int stored) => stored;
}

internal readonly struct UIntToLong : IValueConverter<int, long>
{
    public static bool IsIdentity => false;

    public long Convert(int stored) => unchecked((uint)stored);
}

internal readonly struct LongToInt : IValueConverter<long, int>
{
    public static bool IsIdentity => false;

    public int Convert(long stored) => unchecked((int)stored);
}

internal readonly struct IntToInt128 : IValueConverter<int, Int128>
{
    public static bool IsIdentity => false;

    public Int128 Convert(int stored) => stored;
}

internal readonly struct LongToInt128 : IValueConverter<long, Int128>
{
    public static bool IsIdentity => false;

    public Int128 Convert(long stored) => stored;
}

internal readonly struct ULongToInt128 : IValueConverter<long, Int128>
{
    public static bool IsIdentity => false;

    public Int128 Convert(long stored) => unchecked((ulong)stored);
}

internal readonly struct FloatToDouble : IValueConverter<float, double>
{
    public static bool IsIdentity => false;

    public double Convert(float stored) => stored;
}

/// <summary>Times of the day in a finer unit to milliseconds.</summary>
internal readonly struct LongToMillisOfDay(long unitsPerMilli) : IValueConverter<long, int>
{
    public static bool IsIdentity => false;

    public int Convert(long stored) => unchecked((int)(stored / unitsPerMilli));
}

/// <summary>Timestamps to a finer unit.</summary>
internal readonly struct Multiply(long factor) : IValueConverter<long, long>
{
    public static bool IsIdentity => false;

    public long Convert(long stored) => unchecked(stored * factor);
}

/// <summary>Timestamps to a coarser unit, rounded down.</summary>
internal readonly struct DivideDown(long divisor) : IValueConverter<long, long>
{
    public static bool IsIdentity => false;

    public long Convert(long stored) => Floor(stored, divisor);

    public static long Floor(long value, long divisor)
    {
        var quotient = Math.DivRem(value, divisor, out var remainder);
        return remainder < 0 ? quotient - 1 : quotient;
    }
}

internal readonly struct LongToNanoTimestamp(int unitsPerMilli) : IValueConverter<long, NanoTimestamp>
{
    public static bool IsIdentity => false;

    public NanoTimestamp Convert(long stored)
    {
        var millis = DivideDown.Floor(stored, unitsPerMilli);
        return new NanoTimestamp(millis, (int)(stored - (millis * unitsPerMilli)) * (1_000_000 / unitsPerMilli));
    }
}

internal readonly struct Int96ToNanoTimestamp : IValueConverter<Int96, NanoTimestamp>
{
    public static bool IsIdentity => false;

    public NanoTimestamp Convert(Int96 stored) => stored.ToTimestamp();
}

internal readonly struct Int96ToLong(int unitsPerMilli) : IValueConverter<Int96, long>
{
    public static bool IsIdentity => false;

    public long Convert(Int96 stored)
    {
        var time = stored.ToTimestamp();
        return (time.EpochMillis * unitsPerMilli) + (time.NanoOfMilli / (1_000_000 / unitsPerMilli));
    }
}
