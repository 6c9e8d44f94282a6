namespace PaimonSharp.Data.Vectors;

/// <summary>A TIMESTAMP of precision 7 to 9: milliseconds since 1970-01-01 and the nanoseconds beyond them.</summary>
/// <param name="EpochMillis">Milliseconds, rounded down.</param>
/// <param name="NanoOfMilli">0 to 999,999.</param>
public readonly record struct NanoTimestamp(long EpochMillis, int NanoOfMilli) : IComparable<NanoTimestamp>
{
    /// <summary>The time of microseconds since 1970-01-01.</summary>
    /// <param name="micros">Microseconds, negative before 1970.</param>
    public static NanoTimestamp FromMicros(long micros)
    {
        var millis = micros / 1000;
        var rest = (int)(micros - (millis * 1000));
        return rest < 0 ? new(millis - 1, (rest + 1000) * 1000) : new(millis, rest * 1000);
    }

    /// <summary>Microseconds since 1970-01-01, rounded down.</summary>
    /// <param name="micros">The microseconds.</param>
    /// <returns>False when 64 bits cannot hold them.</returns>
    public bool TryToMicros(out long micros)
    {
        var wide = ((Int128)EpochMillis * 1000) + (NanoOfMilli / 1000);
        micros = (long)wide;
        return wide == micros;
    }

    /// <inheritdoc/>
    public int CompareTo(NanoTimestamp other)
    {
        var byMillis = EpochMillis.CompareTo(other.EpochMillis);
        return byMillis != 0 ? byMillis : NanoOfMilli.CompareTo(other.NanoOfMilli);
    }

    /// <summary>True when <paramref name="left"/> is earlier.</summary>
    /// <param name="left">A time.</param>
    /// <param name="right">Another.</param>
    public static bool operator <(NanoTimestamp left, NanoTimestamp right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> is later.</summary>
    /// <param name="left">A time.</param>
    /// <param name="right">Another.</param>
    public static bool operator >(NanoTimestamp left, NanoTimestamp right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> is not later.</summary>
    /// <param name="left">A time.</param>
    /// <param name="right">Another.</param>
    public static bool operator <=(NanoTimestamp left, NanoTimestamp right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> is not earlier.</summary>
    /// <param name="left">A time.</param>
    /// <param name="right">Another.</param>
    public static bool operator >=(NanoTimestamp left, NanoTimestamp right) => left.CompareTo(right) >= 0;
}
