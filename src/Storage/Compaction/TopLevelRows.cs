using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Full compactions with changelog producer full-compaction: the highest level holds the rows as the last full compaction left
/// them (docs/format.md#full-compaction-changelog).
/// </summary>
/// <param name="maxLevel">The highest level.</param>
/// <param name="countsLowestLevelOnly">See <see cref="LookupStrategy.CountsLowestLevelOnly"/>.</param>
internal sealed class TopLevelRows(int maxLevel, bool countsLowestLevelOnly) : BeforeRows
{
    private readonly MergePlan _reduced = new();
    private MergePlan _plan = new();

    /// <inheritdoc/>
    public override MergePlan Plan => _plan;

    /// <inheritdoc/>
    public override bool FoldsLone => false;

    /// <inheritdoc/>
    public override ValueTask FindAsync(MergePlan plan, RunCursor[] cursors, CancellationToken cancellationToken)
    {
        Begin(plan.GroupCount);
        Span<bool> isTop = stackalloc bool[cursors.Length];
        for (var run = 0; run < cursors.Length; run++)
        {
            isTop[run] = cursors[run].Level == maxLevel;
        }

        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            Set(group, KeyChange.New);
            foreach (var row in rows)
            {
                if (isTop[row.Source])
                {
                    Set(group, rows.Length == 1 ? KeyChange.None : KeyChange.Known, row);
                }
            }
        }

        _plan = plan;
        if (countsLowestLevelOnly)
        {
            LowestLevel.Reduce(plan, cursors, _reduced);
            _plan = _reduced;
        }

        return ValueTask.CompletedTask;
    }
}
