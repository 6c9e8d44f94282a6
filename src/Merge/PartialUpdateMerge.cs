using PaimonSharp.Data;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Merge;

/// <summary>
/// See <see cref="PartialUpdateEngine"/>. Lane 0 is that of the columns without a group, the others are those of the groups.
/// </summary>
internal sealed class PartialUpdateMerge : FoldingMerge
{
    private readonly GroupSequence[] _sequences;
    private readonly PartialUpdateDeletes _deletes;

    /// <summary>For each group the version of the key whose sequence fields count, -1 for none.</summary>
    private readonly int[] _current;

    /// <summary>Makes a merge.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="sequences">The sequence fields of the groups, one for each lane from 1 on.</param>
    /// <param name="deletes">What retractions do.</param>
    public PartialUpdateMerge(FoldColumn[] columns, GroupSequence[] sequences, PartialUpdateDeletes deletes)
        : base(columns, sequences.Length + 1)
    {
        _sequences = sequences;
        _deletes = deletes;
        _current = new int[sequences.Length];
    }

    /// <inheritdoc/>
    protected override void FoldGroups(in MergeInput input)
    {
        var plan = input.Plan;
        var areAllAdds = AreAllAdds(input.Kinds) && _sequences.Length == 0;
        foreach (var lane in Lanes)
        {
            lane.Begin(plan.Rows.Length, areAllAdds);
        }

        if (plan.GroupCount < plan.Rows.Length || input.FoldsLone || input.Whole is not null)
        {
            foreach (var sequence in _sequences)
            {
                sequence.Load(input);
            }
        }

        for (var group = 0; group < plan.GroupCount; group++)
        {
            if (input.IsLone(group))
            {
                AddLone(input, group);
            }
            else if (areAllAdds)
            {
                AddFolded(input, group, plan.Rows[plan.EndOf(group) - 1], RowKind.Insert);
            }
            else
            {
                FoldGroup(input, group);
            }
        }
    }

    private void FoldGroup(in MergeInput input, int group)
    {
        var rows = input.Plan.Rows;
        var start = input.Plan.StartOf(group);
        var end = input.Plan.EndOf(group);
        var latest = start;
        var hasAdds = false;
        var isRemoved = false;
        Array.Fill(_current, -1);
        for (var i = start; i < end; i++)
        {
            isRemoved = false;
            var kind = input.Kinds[rows[i].Source].Values[rows[i].Row];
            if (kind.IsAdd())
            {
                Add(i);
                hasAdds = true;
                latest = i;
            }
            else
            {
                isRemoved = Retract(i, kind, isFirst: i == start);
                latest = _deletes == PartialUpdateDeletes.Ignored ? latest : i;
            }
        }

        AddFolded(input, group, rows[latest], isRemoved || !hasAdds ? RowKind.Delete : RowKind.Insert);
    }

    private void Add(int version)
    {
        Lanes[0].Set(version, FoldAction.Add);
        for (var i = 0; i < _sequences.Length; i++)
        {
            if (_sequences[i].IsEmpty(version))
            {
                Lanes[i + 1].Set(version, FoldAction.Skip);
            }
            else if (_sequences[i].IsNewer(version, _current[i]))
            {
                Lanes[i + 1].Set(version, FoldAction.Add);
                _current[i] = version;
            }
            else
            {
                Lanes[i + 1].Set(version, FoldAction.AddOlder);
            }
        }
    }

    /// <summary>Takes a retraction; the first version of a key gives the row its values whatever it is.</summary>
    /// <returns>True when it removes the row.</returns>
    private bool Retract(int version, RowKind kind, bool isFirst)
    {
        switch (_deletes)
        {
            case PartialUpdateDeletes.Refused:
                PaimonException.ThrowInvalid(
                    $"Merge engine partial-update takes no {kind.ToShortText()} rows; set 'ignore-delete',"
                    + $" '{PartialUpdateEngine.RemoveOnDeleteKey}' or sequence groups.");
                break;
            case PartialUpdateDeletes.RemoveRow when kind == RowKind.Delete:
                ResetAll(version);
                return true;
            case PartialUpdateDeletes.BySequenceGroup:
                return RetractGroups(version, kind, isFirst);
        }

        if (isFirst)
        {
            ResetAll(version);
        }
        else
        {
            foreach (var lane in Lanes)
            {
                lane.Set(version, FoldAction.Skip);
            }
        }

        return false;
    }

    private bool RetractGroups(int version, RowKind kind, bool isFirst)
    {
        // Looked at before anything is taken back: an aggregator that cannot do that does not stand in the way of a removal.
        if (kind == RowKind.Delete && IsRemoved(version))
        {
            ResetAll(version);
            return true;
        }

        Lanes[0].Set(version, isFirst ? FoldAction.Reset : FoldAction.Skip);
        for (var i = 0; i < _sequences.Length; i++)
        {
            if (_sequences[i].IsEmpty(version))
            {
                Lanes[i + 1].Set(version, isFirst ? FoldAction.Reset : FoldAction.Skip);
            }
            else if (!_sequences[i].IsNewer(version, _current[i]))
            {
                Lanes[i + 1].Set(version, FoldAction.RetractOlder);
            }
            else
            {
                Lanes[i + 1].Set(version, isFirst ? FoldAction.ResetRetract : FoldAction.Retract);
                _current[i] = version;
            }
        }

        return false;
    }

    private bool IsRemoved(int version)
    {
        for (var i = 0; i < _sequences.Length; i++)
        {
            if (_sequences[i].RemovesOnDelete && !_sequences[i].IsEmpty(version) && _sequences[i].IsNewer(version, _current[i]))
            {
                return true;
            }
        }

        return false;
    }

    private void ResetAll(int version)
    {
        Lanes[0].Set(version, FoldAction.Reset);
        for (var i = 0; i < _sequences.Length; i++)
        {
            Lanes[i + 1].Set(version, FoldAction.Reset);
            _current[i] = _sequences[i].IsEmpty(version) ? -1 : version;
        }
    }
}
