using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Data.Casts;

/// <summary>
/// Clock readings of a time zone and the instants they stand for. A reading that occurs twice is the earlier one; one that is
/// skipped is as much later as was skipped. Beyond the years 1 to 9999 the zone's base offset holds. Immutable.
/// </summary>
internal sealed class LocalZone(TimeZoneInfo zone)
{
    private const long MinMillis = -62_135_596_800_000;
    private const long MaxMillis = 253_402_300_799_999;

    private readonly bool _isUtc = zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime
        && zone.GetAdjustmentRules().Length == 0;

    /// <summary>The instant of a clock reading.</summary>
    public NanoTimestamp ToInstant(NanoTimestamp local) =>
        _isUtc ? local : local with { EpochMillis = local.EpochMillis - OffsetOfLocal(local.EpochMillis) };

    /// <summary>The clock reading at an instant.</summary>
    public NanoTimestamp ToLocal(NanoTimestamp instant) =>
        _isUtc ? instant : instant with { EpochMillis = instant.EpochMillis + OffsetOfInstant(instant.EpochMillis) };

    private long OffsetOfInstant(long epochMillis) => epochMillis is < MinMillis or > MaxMillis
        ? (long)zone.BaseUtcOffset.TotalMilliseconds
        : (long)zone.GetUtcOffset(DateTime.UnixEpoch.AddMilliseconds(epochMillis)).TotalMilliseconds;

    private long OffsetOfLocal(long epochMillis)
    {
        if (epochMillis is < MinMillis or > MaxMillis)
        {
            return (long)zone.BaseUtcOffset.TotalMilliseconds;
        }

        var reading = DateTime.SpecifyKind(DateTime.UnixEpoch.AddMilliseconds(epochMillis), DateTimeKind.Unspecified);
        var offset = zone.IsAmbiguousTime(reading) ? zone.GetAmbiguousTimeOffsets(reading).Max() : zone.GetUtcOffset(reading);
        return (long)offset.TotalMilliseconds;
    }
}
