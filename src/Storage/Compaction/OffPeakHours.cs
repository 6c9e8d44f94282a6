using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Hours of the local clock in which more may be merged, as the machine has little else to do: options
/// <c>compaction.offpeak.start.hour</c> (inclusive), <c>compaction.offpeak.end.hour</c> (exclusive, may be before the start: over
/// midnight) and <c>compaction.offpeak-ratio</c>. Immutable.
/// </summary>
internal sealed class OffPeakHours
{
    private const int Unset = -1;

    private readonly int _startHour;
    private readonly int _endHour;
    private readonly int _ratioPercent;
    private readonly TimeProvider _time;

    private OffPeakHours(int startHour, int endHour, int ratioPercent, TimeProvider time)
    {
        _startHour = startHour;
        _endHour = endHour;
        _ratioPercent = ratioPercent;
        _time = time;
    }

    /// <summary>What is added to <c>compaction.size-ratio</c> now, in percent.</summary>
    public int RatioPercent
    {
        get
        {
            var hour = _time.GetLocalNow().Hour;
            var isOffPeak = _startHour <= _endHour
                ? _startHour <= hour && hour < _endHour
                : _startHour <= hour || hour < _endHour;
            return isOffPeak ? _ratioPercent : 0;
        }
    }

    /// <summary>Reads the options; null when they name no hours: both are needed.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="time">The clock.</param>
    public static OffPeakHours? Create(TableOptions options, TimeProvider time)
    {
        var start = options.GetInt32("compaction.offpeak.start.hour", Unset);
        var end = options.GetInt32("compaction.offpeak.end.hour", Unset);
        return start == Unset || end == Unset || start == end
            ? null
            : new OffPeakHours(start, end, options.GetInt32("compaction.offpeak-ratio", 0), time);
    }
}
