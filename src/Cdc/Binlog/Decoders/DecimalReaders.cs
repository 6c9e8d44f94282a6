using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>The unscaled value of a DECIMAL: its groups of digits, put together.</summary>
internal readonly struct CompactDecimalReader(int precision, int scale, int targetScale) : IValueReader<long>
{
    private readonly DecimalLayout _layout = new(precision, scale);
    private readonly long _factor = (long)DecimalLayout.Power(targetScale - scale);

    public long Read(ReadOnlySpan<byte> rows, int offset) => checked((long)_layout.Read(rows.Slice(offset, _layout.Bytes)) * _factor);
}

/// <summary>As <see cref="CompactDecimalReader"/>, of more than 18 digits.</summary>
internal readonly struct WideDecimalReader(int precision, int scale, int targetScale) : IValueReader<Int128>
{
    private readonly DecimalLayout _layout = new(precision, scale);
    private readonly Int128 _factor = DecimalLayout.Power(targetScale - scale);

    public Int128 Read(ReadOnlySpan<byte> rows, int offset) => checked(_layout.ReadWide(rows.Slice(offset, _layout.Bytes)) * _factor);
}

/// <summary>
/// big-endian: odd leading digits, groups of nine digits in four bytes | groups of nine, odd trailing digits. The first bit is
/// inverted; below zero all bits are.
/// </summary>
internal readonly struct DecimalLayout
{
    private readonly int _headBytes;
    private readonly int _groups;
    private readonly int _tailBytes;
    private readonly long _tailFactor;
    private readonly int _fractionGroups;

    public DecimalLayout(int precision, int scale)
    {
        var whole = precision - scale;
        _headBytes = WireColumn.DecimalBytes(whole % 9, 0);
        _groups = whole / 9;
        _fractionGroups = scale / 9;
        _tailBytes = WireColumn.DecimalBytes(scale % 9, 0);
        _tailFactor = (long)Power(scale % 9);
        Bytes = WireColumn.DecimalBytes(precision, scale);
    }

    public int Bytes { get; }

    public static Int128 Power(int digits)
    {
        if (digits < 0)
        {
            throw new PaimonException(ErrorKind.Unsupported, "The table's column has fewer digits after the point than the source's.");
        }

        Int128 power = 1;
        for (var i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return power;
    }

    /// <summary>A value of at most 18 digits.</summary>
    public long Read(ReadOnlySpan<byte> bytes)
    {
        var mask = (bytes[0] & 0x80) != 0 ? 0u : uint.MaxValue;
        var flip = (byte)0x80;
        var at = 0;
        long value = Part(bytes, ref at, _headBytes, mask, ref flip);
        for (var i = _groups + _fractionGroups; i > 0; i--)
        {
            value = (value * 1_000_000_000) + Part(bytes, ref at, 4, mask, ref flip);
        }

        if (_tailBytes > 0)
        {
            value = (value * _tailFactor) + Part(bytes, ref at, _tailBytes, mask, ref flip);
        }

        return mask == 0 ? value : -value;
    }

    public Int128 ReadWide(ReadOnlySpan<byte> bytes)
    {
        var mask = (bytes[0] & 0x80) != 0 ? 0u : uint.MaxValue;
        var flip = (byte)0x80;
        var at = 0;
        Int128 value = Part(bytes, ref at, _headBytes, mask, ref flip);
        for (var i = _groups + _fractionGroups; i > 0; i--)
        {
            value = (value * 1_000_000_000) + Part(bytes, ref at, 4, mask, ref flip);
        }

        if (_tailBytes > 0)
        {
            value = (value * _tailFactor) + Part(bytes, ref at, _tailBytes, mask, ref flip);
        }

        return mask == 0 ? value : -value;
    }

    /// <summary>One group of digits; the first byte of all has the inverted sign bit.</summary>
    private static uint Part(ReadOnlySpan<byte> bytes, ref int at, int count, uint mask, ref byte flip)
    {
        if (count == 0)
        {
            return 0;
        }

        uint part = 0;
        for (var i = 0; i < count; i++)
        {
            part = (part << 8) | (byte)(bytes[at + i] ^ flip ^ (byte)mask);
            flip = 0;
        }

        at += count;
        return part;
    }
}
