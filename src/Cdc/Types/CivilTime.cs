using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Types;

/// <summary>
/// From MySQL's dates and times, which know zero and impossible dates, to days, milliseconds and microseconds since 1970 in
/// the proleptic Gregorian calendar.
/// </summary>
internal static class CivilTime
{
    public const long MicrosPerSecond = 1_000_000;
    public const long MicrosPerDay = 86_400 * MicrosPerSecond;

    private static ReadOnlySpan<byte> DaysOfMonth => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>True when a calendar has the date; year 0 is one of MySQL's placeholders.</summary>
    public static bool IsDate(int year, int month, int day) =>
        year >= 1 && month is >= 1 and <= 12 && day >= 1
        && (day <= DaysOfMonth[month - 1] || (month == 2 && day == 29 && IsLeap(year)));

    /// <summary>Days since 1970-01-01 of a date that <see cref="IsDate"/>.</summary>
    public static int DaysOf(int year, int month, int day)
    {
        var shifted = month <= 2 ? year - 1 : year;
        var era = shifted / 400;
        var yearOfEra = shifted - (era * 400);
        var dayOfYear = ((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5 + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    /// <summary>Shows an instant on the wall clock of a zone.</summary>
    /// <param name="micros">Microseconds since 1970 UTC.</param>
    /// <param name="zone">The zone.</param>
    public static long ToZone(long micros, TimeZoneInfo zone)
    {
        if (ReferenceEquals(zone, TimeZoneInfo.Utc))
        {
            return micros;
        }

        var instant = DateTime.UnixEpoch.AddTicks(micros * 10);
        return micros + (zone.GetUtcOffset(instant).Ticks / 10);
    }

    /// <summary>What a zero or impossible date becomes.</summary>
    /// <returns>True for the epoch, false for NULL.</returns>
    public static bool IsEpochInsteadOf(ZeroDatePolicy policy, bool isNullable, int year, int month, int day)
    {
        if (policy == ZeroDatePolicy.Epoch)
        {
            return true;
        }

        if (policy == ZeroDatePolicy.Error || !isNullable)
        {
            ThrowNoDate(year, month, day);
        }

        return false;
    }

    /// <summary>Milliseconds of the day of a TIME, which MySQL lets go far beyond a day.</summary>
    public static int MillisOfDay(long micros)
    {
        if (micros is < 0 or >= MicrosPerDay)
        {
            throw new PaimonException(
                ErrorKind.Invalid,
                $"A TIME of {micros / MicrosPerSecond} seconds is outside of a day; set type-mapping=time-to-string to keep such values.");
        }

        return (int)(micros / 1000);
    }

    [DoesNotReturn]
    private static void ThrowNoDate(int year, int month, int day) => throw new PaimonException(
        ErrorKind.Invalid,
        $"The date {year:0000}-{month:00}-{day:00} is in no calendar; set zero-date=null (for a nullable column) or zero-date=epoch.");

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
