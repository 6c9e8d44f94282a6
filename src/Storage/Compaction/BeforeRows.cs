using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Finds, for the keys of a merge plan, the rows as they were before a compaction, and says what of the plan is merged. One
/// thread.
/// </summary>
internal abstract class BeforeRows
{
    private RowReference[] _before = [];
    private KeyChange[] _changes = [];

    /// <summary>What is merged: the plan, or another one made of it with the same groups.</summary>
    public abstract MergePlan Plan { get; }

    /// <summary>True when a key's only version meets the merge engine too.</summary>
    public abstract bool FoldsLone { get; }

    /// <summary>Rows that were found outside the runs: a source after those of the runs; null where there are none.</summary>
    public virtual ColumnBatch? FoundRows => null;

    /// <summary>For each group the row that the key had; meaningless where <see cref="Changes"/> says that there is none.</summary>
    public ReadOnlySpan<RowReference> Before => _before.AsSpan(0, GroupCount);

    /// <summary>For each group what the compaction means for the changelog.</summary>
    public ReadOnlySpan<KeyChange> Changes => _changes.AsSpan(0, GroupCount);

    /// <summary>The number of groups.</summary>
    protected int GroupCount { get; private set; }

    /// <summary>Finds the rows.</summary>
    /// <param name="plan">All rows of the runs.</param>
    /// <param name="cursors">The runs.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public abstract ValueTask FindAsync(MergePlan plan, RunCursor[] cursors, CancellationToken cancellationToken);

    /// <summary>Begins a plan.</summary>
    protected void Begin(int groupCount)
    {
        GroupCount = groupCount;
        if (_before.Length < groupCount)
        {
            _before = new RowReference[groupCount];
            _changes = new KeyChange[groupCount];
        }
    }

    /// <summary>States what was found of a group.</summary>
    protected void Set(int group, KeyChange change, RowReference before = default)
    {
        _changes[group] = change;
        _before[group] = before;
    }
}
