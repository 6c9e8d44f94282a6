using System.Buffers.Binary;
using PaimonSharp.Cdc.Types;

namespace PaimonSharp.Cdc.Binlog.Decoders;

/// <summary>DATE: 3 bytes little-endian, day 5 bits, month 4, year 15.</summary>
internal readonly struct DateReader(ZeroDatePolicy policy, bool isNullable) : IOptionalReader<int>
{
    public bool TryRead(ReadOnlySpan<byte> rows, int offset, out int value)
    {
        var bits = rows[offset] | (rows[offset + 1] << 8) | (rows[offset + 2] << 16);
        var (year, month, day) = (bits >> 9, (bits >> 5) & 15, bits & 31);
        if (CivilTime.IsDate(year, month, day))
        {
            value = CivilTime.DaysOf(year, month, day);
            return true;
        }

        value = 0;
        return CivilTime.IsEpochInsteadOf(policy, isNullable, year, month, day);
    }
}

/// <summary>
/// DATETIME: 5 bytes big-endian (year * 13 + month 17 bits, day 5, hour 5, minute 6, second 6) and the fraction; the old form is
/// the decimal number YYYYMMDDhhmmss.
/// </summary>
internal readonly struct DateTimeReader(WireColumn column, int targetPrecision, ZeroDatePolicy policy, bool isNullable)
    : IOptionalReader<long>
{
    private readonly int _fractionBytes = column.Code == ColumnCode.DateTime2 ? (column.Metadata + 1) / 2 : -1;
    private readonly int _divisor = targetPrecision <= 3 ? 1000 : 1;

    public bool TryRead(ReadOnlySpan<byte> rows, int offset, out long value)
    {
        int year, month, day;
        long secondOfDay;
        var micros = 0;
        if (_fractionBytes < 0)
        {
            var digits = BinaryPrimitives.ReadUInt64LittleEndian(rows[offset..]);
            var time = (long)(digits % 1_000_000);
            var date = digits / 1_000_000;
            (year, month, day) = ((int)Math.Min(date / 10_000, 100_000), (int)(date / 100 % 100), (int)(date % 100));
            secondOfDay = (time / 10_000 * 3600) + (time / 100 % 100 * 60) + (time % 100);
        }
        else
        {
            var packed = (((long)rows[offset] << 32) | BinaryPrimitives.ReadUInt32BigEndian(rows[(offset + 1)..])) - 0x8000000000;
            var months = (int)(packed >> 22) & 0x1FFFF;
            (year, month, day) = (months / 13, months % 13, (int)(packed >> 17) & 31);
            secondOfDay = (((packed >> 12) & 31) * 3600) + (((packed >> 6) & 63) * 60) + (packed & 63);
            micros = Fraction.Micros(rows, offset + 5, _fractionBytes);
        }

        if (year < 10_000 && CivilTime.IsDate(year, month, day))
        {
            var total = (((CivilTime.DaysOf(year, month, day) * 86_400L) + secondOfDay) * CivilTime.MicrosPerSecond) + micros;
            value = Fraction.Down(total, _divisor);
            return true;
        }

        value = 0;
        return CivilTime.IsEpochInsteadOf(policy, isNullable, year, month, day);
    }
}

/// <summary>TIMESTAMP: seconds since 1970 UTC, big-endian with fraction or (old) little-endian; 0 is the zero date.</summary>
internal readonly struct TimestampReader(
    WireColumn column, int targetPrecision, ZeroDatePolicy policy, bool isNullable, TimeZoneInfo zone) : IOptionalReader<long>
{
    private readonly int _fractionBytes = column.Code == ColumnCode.Timestamp2 ? (column.Metadata + 1) / 2 : -1;
    private readonly int _divisor = targetPrecision <= 3 ? 1000 : 1;

    public bool TryRead(ReadOnlySpan<byte> rows, int offset, out long value)
    {
        var seconds = _fractionBytes < 0
            ? BinaryPrimitives.ReadUInt32LittleEndian(rows[offset..])
            : BinaryPrimitives.ReadUInt32BigEndian(rows[offset..]);
        var micros = _fractionBytes > 0 ? Fraction.Micros(rows, offset + 4, _fractionBytes) : 0;
        if (seconds == 0 && micros == 0)
        {
            value = 0;
            return CivilTime.IsEpochInsteadOf(policy, isNullable, 0, 0, 0);
        }

        value = Fraction.Down(CivilTime.ToZone((seconds * CivilTime.MicrosPerSecond) + micros, zone), _divisor);
        return true;
    }
}

/// <summary>TIME: 3 bytes big-endian around 0x800000 and the fraction; the old form is the decimal number hhmmss.</summary>
internal readonly struct TimeReader(WireColumn column) : IValueReader<int>
{
    private readonly int _fractionBytes = column.Code == ColumnCode.Time2 ? (column.Metadata + 1) / 2 : -1;

    public int Read(ReadOnlySpan<byte> rows, int offset)
    {
        if (_fractionBytes < 0)
        {
            var digits = (int)SignedThree.Read(rows, offset);
            var size = Math.Abs(digits);
            var seconds = (size / 10_000 * 3600) + (size / 100 % 100 * 60) + (size % 100);
            return CivilTime.MillisOfDay(digits < 0 ? -seconds * CivilTime.MicrosPerSecond : seconds * CivilTime.MicrosPerSecond);
        }

        var bits = _fractionBytes * 8;
        var packed = (long)ValueBytes.BigEndian(rows.Slice(offset, 3 + _fractionBytes)) - (0x800000L << bits);
        var sign = packed < 0 ? -1 : 1;
        packed = Math.Abs(packed);
        var whole = packed >> bits;
        var total = (((whole >> 12) & 1023) * 3600) + (((whole >> 6) & 63) * 60) + (whole & 63);
        var micros = Fraction.Scale((int)(packed & ((1L << bits) - 1)), _fractionBytes);
        return CivilTime.MillisOfDay(sign * ((total * CivilTime.MicrosPerSecond) + micros));
    }
}

/// <summary>Fractions of a second: pairs of digits, big-endian.</summary>
internal static class Fraction
{
    public static int Micros(ReadOnlySpan<byte> rows, int offset, int bytes) => bytes switch
    {
        0 => 0,
        1 => Scale(rows[offset], 1),
        2 => Scale((rows[offset] << 8) | rows[offset + 1], 2),
        _ => (rows[offset] << 16) | (rows[offset + 1] << 8) | rows[offset + 2],
    };

    public static int Scale(int value, int bytes) => bytes switch
    {
        1 => value * 10_000,
        2 => value * 100,
        _ => value,
    };

    /// <summary>Rounds down, also before 1970.</summary>
    public static long Down(long micros, int divisor)
    {
        if (divisor == 1)
        {
            return micros;
        }

        var (quotient, rest) = Math.DivRem(micros, divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
