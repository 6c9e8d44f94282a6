using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Paimon's universal compaction (docs/format.md#universal-compaction): few writes as long as the runs grow in size from the
/// newest to the oldest. First all runs are merged where an <see cref="EarlyFullCompaction"/> is due; then three rules are tried in
/// order once there are as many runs as <c>num-sorted-run.compaction-trigger</c>:
/// <list type="number">
/// <item>space: the newer runs are together much larger than the oldest one: merge all;</item>
/// <item>ratio: merge the newest run with those after it as long as each is no larger than what is merged so far;</item>
/// <item>count: there are more runs than the trigger: merge as many of the newest as are too many.</item>
/// </list>
/// One thread.
/// </summary>
internal sealed class UniversalCompaction : ICompactStrategy
{
    private readonly int _trigger;
    private readonly int _maxSizeAmplificationPercent;
    private readonly int _sizeRatioPercent;
    private readonly EarlyFullCompaction? _early;
    private readonly OffPeakHours? _offPeak;

    /// <summary>Reads the options.</summary>
    /// <param name="options">The table's options.</param>
    /// <param name="early">Merges all runs early; null for never.</param>
    /// <param name="offPeak">Hours with a higher size ratio; null for none.</param>
    public UniversalCompaction(TableOptions options, EarlyFullCompaction? early = null, OffPeakHours? offPeak = null)
    {
        _trigger = CompactStrategies.Trigger(options);
        _maxSizeAmplificationPercent = options.GetInt32("compaction.max-size-amplification-percent", 200);
        _sizeRatioPercent = options.GetInt32("compaction.size-ratio", 1);
        _early = early;
        _offPeak = offPeak;
    }

    /// <inheritdoc/>
    public CompactUnit? Pick(Levels levels)
    {
        var runs = levels.Runs;
        if (_early is not null && _early.IsDue(levels))
        {
            return All(levels);
        }

        if (runs.Count < Math.Max(1, _trigger))
        {
            return null;
        }

        var newerBytes = runs.Take(runs.Count - 1).Sum(run => run.Run.SizeBytes);
        if (newerBytes * 100 > _maxSizeAmplificationPercent * runs[^1].Run.SizeBytes)
        {
            return All(levels);
        }

        var picked = ExtendByRatio(runs, 1);
        if (picked < 2)
        {
            if (runs.Count <= _trigger)
            {
                return null;
            }

            picked = ExtendByRatio(runs, runs.Count - _trigger + 1);
        }

        return ToUnit(levels, picked);
    }

    /// <summary>Chooses all runs of level 0, extended like any choice.</summary>
    /// <param name="levels">The bucket's tree.</param>
    /// <returns>What to merge, null when level 0 is empty.</returns>
    public CompactUnit? PickLevel0(Levels levels)
    {
        var count = levels.Runs.TakeWhile(run => run.Level == 0).Count();
        return count == 0 ? null : ToUnit(levels, ExtendByRatio(levels.Runs, count));
    }

    private CompactUnit All(Levels levels)
    {
        _early?.Begin();
        return CompactUnit.FromRuns(levels.MaxLevel, levels.Runs);
    }

    private int ExtendByRatio(IReadOnlyList<LevelRun> runs, int picked)
    {
        var percent = 100.0 + _sizeRatioPercent + (_offPeak?.RatioPercent ?? 0);
        var pickedBytes = runs.Take(picked).Sum(run => run.Run.SizeBytes);
        while (picked < runs.Count && pickedBytes * percent / 100.0 >= runs[picked].Run.SizeBytes)
        {
            pickedBytes += runs[picked++].Run.SizeBytes;
        }

        return picked;
    }

    // The result goes right below the next run; level 0 cannot take it, so that runs are added until it is left.
    private CompactUnit ToUnit(Levels levels, int picked)
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
            return All(levels);
        }

        return CompactUnit.FromRuns(outputLevel, runs.Take(picked));
    }
}
