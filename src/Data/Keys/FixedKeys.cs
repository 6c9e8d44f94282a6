namespace PaimonSharp.Data.Keys;

/// <summary>The order-preserving bits of a value of at most 8 bytes.</summary>
internal interface IFixedKey<T>
{
    /// <summary>Bytes of a value: 1, 2, 4 or 8.</summary>
    static abstract int Width { get; }

    /// <summary>Bits of <see cref="Width"/> bytes whose unsigned order is that of the values.</summary>
    static abstract ulong ToBits(T value);
}

internal readonly struct Int8Key : IFixedKey<sbyte>
{
    public static int Width => sizeof(byte);

    public static ulong ToBits(sbyte value) => (byte)(value ^ sbyte.MinValue);
}

internal readonly struct Int16Key : IFixedKey<short>
{
    public static int Width => sizeof(ushort);

    public static ulong ToBits(short value) => (ushort)(value ^ short.MinValue);
}

internal readonly struct Int32Key : IFixedKey<int>
{
    public static int Width => sizeof(uint);

    public static ulong ToBits(int value) => (uint)(value ^ int.MinValue);
}

internal readonly struct Int64Key : IFixedKey<long>
{
    public static int Width => sizeof(ulong);

    public static ulong ToBits(long value) => (ulong)(value ^ long.MinValue);
}

/// <summary>Numeric order; -0.0 equals 0.0 and every NaN is one value above infinity.</summary>
internal readonly struct SingleKey : IFixedKey<float>
{
    public static int Width => sizeof(uint);

    public static ulong ToBits(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value + 0.0f) & (float.IsNaN(value) ? int.MaxValue : -1);
        return (uint)(bits ^ ((bits >> 31) | int.MinValue));
    }
}

/// <summary>Numeric order; -0.0 equals 0.0 and every NaN is one value above infinity.</summary>
internal readonly struct DoubleKey : IFixedKey<double>
{
    public static int Width => sizeof(ulong);

    public static ulong ToBits(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value + 0.0) & (double.IsNaN(value) ? long.MaxValue : -1);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }
}
