namespace PaimonSharp.Data.Vectors;

/// <summary>A TIMESTAMP of precision 7 to 9: milliseconds since 1970-01-01 and the nanoseconds beyond them.</summary>
/// <param name="EpochMillis">Milliseconds, rounded down.</param>
/// <param name="NanoOfMilli">0 to 999,999.</param>
public readonly record struct NanoTimestamp(long EpochMillis, int NanoOfMilli) : IComparable<NanoTimestamp>
{
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
