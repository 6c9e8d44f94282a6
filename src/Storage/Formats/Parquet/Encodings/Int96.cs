using System.Runtime.InteropServices;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.Parquet.Encodings;

/// <summary>
/// A timestamp of twelve bytes: 8 little-endian nanoseconds of the day, then 4 of the Julian day. Paimon writes a negative
/// time of the day for instants before 1970.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct Int96(long NanoOfDay, int JulianDay)
{
    private const int JulianDayOfEpoch = 2440588;
    private const long MillisPerDay = 86_400_000;
    private const long NanosPerMilli = 1_000_000;

    public static Int96 From(NanoTimestamp value)
    {
        var day = Math.DivRem(value.EpochMillis, MillisPerDay, out var milliOfDay);
        return new Int96((milliOfDay * NanosPerMilli) + value.NanoOfMilli, (int)(day + JulianDayOfEpoch));
    }

    public NanoTimestamp ToTimestamp()
    {
        var milliOfDay = Math.DivRem(NanoOfDay, NanosPerMilli, out var nano);
        if (nano < 0)
        {
            nano += NanosPerMilli;
            milliOfDay--;
        }

        return new NanoTimestamp(((JulianDay - (long)JulianDayOfEpoch) * MillisPerDay) + milliOfDay, (int)nano);
    }
}
