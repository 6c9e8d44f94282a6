using System.Runtime.InteropServices;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// A merge whose columns are folded: <see cref="BoundMerge.Merge"/> writes down what each version does (<see cref="FoldLane"/>),
/// and each column folds a range of results when they are gathered.
/// </summary>
internal abstract class FoldingMerge : BoundMerge
{
    private readonly FoldColumn[] _columns;
    private readonly FoldLane[] _lanes;
    private readonly FoldLane?[] _lanesWithoutRetracts;
    private readonly List<int> _foldedGroups = [];
    private readonly List<int> _foldedPlaces = [];

    /// <summary>Makes a merge.</summary>
    /// <param name="columns">The columns of the merge.</param>
    /// <param name="laneCount">The number of lanes.</param>
    protected FoldingMerge(FoldColumn[] columns, int laneCount)
    {
        _columns = columns;
        _lanes = [.. Enumerable.Range(0, laneCount).Select(_ => new FoldLane())];
        _lanesWithoutRetracts = new FoldLane?[laneCount];
        foreach (var column in columns.Where(column => column.IgnoresRetracts))
        {
            _lanesWithoutRetracts[column.Lane] ??= new FoldLane();
        }
    }

    /// <summary>What versions do.</summary>
    protected ReadOnlySpan<FoldLane> Lanes => _lanes;

    /// <inheritdoc/>
    public sealed override void Gather(int column, int start, int count, ColumnVector target)
    {
        var folded = CollectionsMarshal.AsSpan(_foldedPlaces);
        var first = LowerBound(folded, start);
        var end = LowerBound(folded, start + count);
        var state = _columns[column];
        if (first == end || state.IsSelected)
        {
            base.Gather(column, start, count, target);
            return;
        }

        var lane = state.IgnoresRetracts ? _lanesWithoutRetracts[state.Lane]! : _lanes[state.Lane];
        var input = new FoldInput
        {
            Plan = Input.Plan,
            Groups = CollectionsMarshal.AsSpan(_foldedGroups)[first..end],
            Actions = lane.Actions,
            Sources = Input.Columns[column]!,
        };
        state.Gather(input, folded[first..end], Result.Rows.Slice(start, count), start, target);
    }

    /// <inheritdoc/>
    protected sealed override void MergeGroups(in MergeInput input)
    {
        _foldedGroups.Clear();
        _foldedPlaces.Clear();
        FoldGroups(input);
        foreach (var column in _columns)
        {
            if (!column.IsSelected && _lanes[column.Lane].HasRetracts)
            {
                column.CheckRetracts();
            }
        }

        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanesWithoutRetracts[i]?.CopyWithoutRetracts(_lanes[i]);
        }
    }

    /// <summary>Fills the lanes and says of each group what becomes of it.</summary>
    /// <param name="input">The rows.</param>
    protected abstract void FoldGroups(in MergeInput input);

    /// <summary>True when no row of any source is a retraction.</summary>
    /// <param name="kinds">The kinds of each source's rows.</param>
    protected static bool AreAllAdds(ReadOnlySpan<FixedVector<RowKind>> kinds)
    {
        foreach (var source in kinds)
        {
            if (MemoryMarshal.AsBytes(source.Values).ContainsAnyExcept((byte)RowKind.Insert, (byte)RowKind.UpdateAfter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A key's only version is the result.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="group">The key's group.</param>
    protected void AddLone(in MergeInput input, int group)
    {
        var row = input.Plan.Rows[input.Plan.StartOf(group)];
        var kind = input.Kinds[row.Source].Values[row.Row];
        if (!(input.DropRetracts && kind.IsRetract()))
        {
            Result.Append(group, row, kind);
        }
    }

    /// <summary>A key's versions are folded.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="group">The key's group.</param>
    /// <param name="row">The version that stands for the result.</param>
    /// <param name="kind">The kind of the result.</param>
    protected void AddFolded(in MergeInput input, int group, RowReference row, RowKind kind)
    {
        if (!(input.DropRetracts && kind.IsRetract()))
        {
            _foldedGroups.Add(group);
            _foldedPlaces.Add(Result.Count);
            Result.Append(group, row, kind);
        }
    }

    private static int LowerBound(ReadOnlySpan<int> places, int place)
    {
        var index = places.BinarySearch(place);
        return index < 0 ? ~index : index;
    }
}
