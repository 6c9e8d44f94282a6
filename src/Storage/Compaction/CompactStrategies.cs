using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>Chooses the strategy that a table's options ask for.</summary>
internal static class CompactStrategies
{
    /// <summary>Option <c>num-sorted-run.compaction-trigger</c>: with fewer runs there is no reason to merge some.</summary>
    /// <param name="options">The table's options.</param>
    public static int Trigger(TableOptions options) => options.GetInt32("num-sorted-run.compaction-trigger", 5);

    /// <summary>Option <c>num-sorted-run.stop-trigger</c>: with more runs writers wait for a compaction.</summary>
    /// <param name="options">The table's options.</param>
    public static int StopTrigger(TableOptions options)
    {
        var trigger = Trigger(options);
        return Math.Max(trigger, options.GetInt32("num-sorted-run.stop-trigger") ?? (int)Math.Min(int.MaxValue, trigger + 3L));
    }

    /// <summary>Option <c>num-levels</c>, by default one more than the trigger.</summary>
    /// <param name="options">The table's options.</param>
    public static int LevelCount(TableOptions options) =>
        options.GetInt32("num-levels") ?? (int)Math.Min(int.MaxValue, Trigger(options) + 1L);

    /// <summary>The strategy for compactions that nobody asked for.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="levels">The tree at the beginning.</param>
    public static ICompactStrategy Create(TableOptions options, TimeProvider time, Levels levels)
    {
        var universal = new UniversalCompaction(
            options, EarlyFullCompaction.Create(options, time, levels), OffPeakHours.Create(options, time));
        if (LookupStrategy.Of(options).NeedsLookup)
        {
            return new ForceUpLevel0Compaction(universal, LookupInterval(options));
        }

        return options.GetBoolean("compaction.force-up-level-0", false)
            ? new ForceUpLevel0Compaction(universal, interval: null)
            : universal;
    }

    private static int? LookupInterval(TableOptions options)
    {
        if (options.GetChoice("lookup-compact") != "gentle")
        {
            return null;
        }

        var trigger = Trigger(options);
        return Math.Max(
            trigger, options.GetInt32("lookup-compact.max-interval") ?? (int)Math.Min(int.MaxValue, trigger * 2L));
    }
}
