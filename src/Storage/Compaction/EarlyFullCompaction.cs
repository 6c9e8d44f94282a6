using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Merges all runs before their number asks for it, for tables that are read more than written
/// (docs/format.md#universal-compaction): every so often (<c>compaction.optimization-interval</c>), as long as the bucket is
/// small (<c>compaction.total-size-threshold</c>), or when much is not at the highest level
/// (<c>compaction.incremental-size-threshold</c>). Remembers when all runs were merged last; one thread.
/// </summary>
internal sealed class EarlyFullCompaction
{
    private readonly TimeProvider _time;
    private DateTimeOffset? _last;

    private EarlyFullCompaction(TimeProvider time) => _time = time;

    private TimeSpan? Interval { get; init; }

    private long? TotalBytes { get; init; }

    private long? IncrementalBytes { get; init; }

    /// <summary>Reads the options; null when none of them is set.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="levels">The tree at the beginning: its newest file at the highest level tells of the last full compaction.</param>
    public static EarlyFullCompaction? Create(TableOptions options, TimeProvider time, Levels levels)
    {
        var early = new EarlyFullCompaction(time)
        {
            Interval = options.GetDuration("compaction.optimization-interval"),
            TotalBytes = options.GetSize("compaction.total-size-threshold"),
            IncrementalBytes = options.GetSize("compaction.incremental-size-threshold"),
        };
        if (early.Interval is null && early.TotalBytes is null && early.IncrementalBytes is null)
        {
            return null;
        }

        if (levels.Files.Where(file => file.Level == levels.MaxLevel).Max(file => file.CreationTimeMillis) is { } newest)
        {
            // Metadata holds local times.
            var local = DateTime.UnixEpoch.AddMilliseconds(newest);
            early._last = new DateTimeOffset(
                DateTime.SpecifyKind(local, DateTimeKind.Unspecified), time.LocalTimeZone.GetUtcOffset(local));
        }

        return early;
    }

    /// <summary>True when all runs are to be merged now.</summary>
    /// <param name="levels">The tree.</param>
    public bool IsDue(Levels levels)
    {
        if (levels.Runs.Count < 2)
        {
            return false;
        }

        return (Interval is { } interval && (_last is not { } last || _time.GetUtcNow() - last > interval))
            || (TotalBytes is { } total && levels.Runs.Sum(run => run.Run.SizeBytes) < total)
            || (IncrementalBytes is { } incremental
                && levels.Runs.Where(run => run.Level != levels.MaxLevel).Sum(run => run.Run.SizeBytes) > incremental);
    }

    /// <summary>All runs are being merged.</summary>
    public void Begin() => _last = _time.GetUtcNow();
}
