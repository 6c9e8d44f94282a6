namespace PaimonSharp.Merge;

/// <summary>
/// What every version of a plan does to the columns that follow one rule: all columns of an aggregation, or those of a sequence
/// group. Reusable; one thread.
/// </summary>
internal sealed class FoldLane
{
    private FoldAction[] _actions = [];
    private int _count;
    private bool _areAllAdds;

    /// <summary>The actions by place in the plan; empty when every version is added.</summary>
    public ReadOnlySpan<FoldAction> Actions => _areAllAdds ? default : _actions.AsSpan(0, _count);

    /// <summary>True when a version is taken back.</summary>
    public bool HasRetracts { get; private set; }

    /// <summary>Begins a plan.</summary>
    /// <param name="rows">The versions in it.</param>
    /// <param name="areAllAdds">True when every version will be added and none be <see cref="Set"/>.</param>
    public void Begin(int rows, bool areAllAdds)
    {
        _count = rows;
        _areAllAdds = areAllAdds;
        HasRetracts = false;
        if (!areAllAdds && _actions.Length < rows)
        {
            _actions = new FoldAction[Math.Max(rows, _actions.Length * 2)];
        }
    }

    /// <summary>Says what a version does.</summary>
    /// <param name="index">Its place in the plan.</param>
    /// <param name="action">What it does.</param>
    public void Set(int index, FoldAction action)
    {
        _actions[index] = action;
        HasRetracts |= action is FoldAction.Retract or FoldAction.RetractOlder or FoldAction.ResetRetract;
    }

    /// <summary>Becomes another lane without what it takes back.</summary>
    /// <param name="lane">The other lane.</param>
    public void CopyWithoutRetracts(FoldLane lane)
    {
        Begin(lane._count, lane._areAllAdds);
        if (_areAllAdds)
        {
            return;
        }

        for (var i = 0; i < _count; i++)
        {
            _actions[i] = lane._actions[i] switch
            {
                FoldAction.Retract or FoldAction.RetractOlder => FoldAction.Skip,
                FoldAction.ResetRetract => FoldAction.Reset,
                var action => action,
            };
        }
    }
}
