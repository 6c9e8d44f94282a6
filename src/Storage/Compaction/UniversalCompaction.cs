using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Paimon's universal compaction (docs/format.md#universal-compaction): few writes as long as the runs grow in size from the
/// newest to the oldest. Three rules, tried in order once there are as many runs as <c>num-sorted-run.compaction-trigger</c>:
/// <list type="number">
/// <item>space: the newer runs are together much larger than the oldest one: merge all;</item>
/// <item>ratio: merge the newest run with those after it as long as each is no larger than what is merged so far;</item>
/// <item>count: there are more runs than the trigger: merge as many of the newest as are too many.</item>
/// </list>
/// </summary>
internal sealed class UniversalCompaction : ICompactStrategy
{
    private readonly int _trigger;
    private readonly int _maxSizeAmplificationPercent;
    private readonly int _sizeRatioPercent;

    /// <summary>Reads the options.</summary>
    /// <param name="options">The table's options.</param>
    public UniversalCompaction(TableOptions options)
    {
        _trigger = Trigger(options);
        _maxSizeAmplificationPercent = options.GetInt32("compaction.max-size-amplification-percent", 200);
        _sizeRatioPercent = options.GetInt32("compaction.size-ratio", 1);
    }

    /// <summary>Option <c>num-sorted-run.compaction-trigger</c>.</summary>
    /// <param name="options">The table's options.</param>
    public static int Trigger(TableOptions options) => options.GetInt32("num-sorted-run.compaction-trigger", 5);

    /// <summary>Option <c>num-levels</c>, by default one more than the trigger.</summary>
    /// <param name="options">The table's options.</param>
    public static int LevelCount(TableOptions options) => options.GetInt32("num-levels", Trigger(options) + 1);

    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels)
    {
        var runs = levels.Runs;
        if (runs.Count < _trigger)
        {
            return null;
        }

        var newerBytes = runs.Take(runs.Count - 1).Sum(run => run.Run.SizeBytes);
        if (newerBytes * 100 > _maxSizeAmplificationPercent * runs[^1].Run.SizeBytes)
        {
            return CompactUnit.FromRuns(levels.MaxLevel, runs);
        }

        var picked = ExtendByRatio(runs, 1, isTriggered: false);
        if (picked < 2)
        {
            if (runs.Count <= _trigger)
            {
                return null;
            }

            picked = ExtendByRatio(runs, runs.Count - _trigger + 1, isTriggered: true);
        }

        return ToUnit(levels, picked);
    }

    private int ExtendByRatio(IReadOnlyList<LevelRun> runs, int picked, bool isTriggered)
    {
        var pickedBytes = runs.Take(picked).Sum(run => run.Run.SizeBytes);
        while (picked < runs.Count)
        {
            var next = runs[picked];
            var isLarger = pickedBytes * (100.0 + _sizeRatioPercent) / 100.0 < next.Run.SizeBytes;
            if (isLarger && (!isTriggered || next.Level > 1))
            {
                break;
            }

            pickedBytes += next.Run.SizeBytes;
            picked++;
            isTriggered = true;
        }

        return picked;
    }

    // The result goes right below the next run; level 0 cannot take it, so that runs are added until it is left.
    private static CompactUnit ToUnit(Levels levels, int picked)
    {
        var runs = levels.Runs;
        var outputLevel = picked == runs.Count ? levels.MaxLevel : Math.Max(0, runs[picked].Level - 1);
        if (outputLevel == 0)
        {
            while (picked < runs.Count && outputLevel == 0)
            {
                outputLevel = runs[picked++].Level;
            }
        }

        if (picked == runs.Count)
        {
            outputLevel = levels.MaxLevel;
        }

        return CompactUnit.FromRuns(outputLevel, runs.Take(picked));
    }
}
