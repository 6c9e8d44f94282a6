using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Brings equal keys of several runs together. A plan covers the keys up to the smallest last key of the loaded windows: as the
/// rows of a key that a run holds are in one window, all versions of the keys covered are loaded, so that a group never spans
/// two plans. One thread.
/// </summary>
internal sealed class MergePlanner
{
    private const int MaxInsertionRows = 32;

    private readonly RunCursor[] _cursors;
    private readonly LoserTree _tree = new();
    private readonly EncodedKeys[] _keys;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly int[] _treeStarts;
    private readonly int[] _treeEnds;
    private readonly EncodedKeys[] _treeKeys;
    private readonly int[] _runs;
    private readonly bool _isByAge;
    private Comparison<RowReference>? _byAge;

    /// <summary>Makes a planner of the runs of a section.</summary>
    /// <param name="cursors">The runs.</param>
    public MergePlanner(RunCursor[] cursors)
    {
        _cursors = cursors;
        _keys = [.. cursors.Select(cursor => cursor.Keys)];
        _starts = new int[cursors.Length];
        _ends = new int[cursors.Length];
        _treeStarts = new int[cursors.Length];
        _treeEnds = new int[cursors.Length];
        _runs = [.. Enumerable.Range(0, cursors.Length)];
        _isByAge = SortRunsByAge();
        _treeKeys = [.. _runs.Select(run => _keys[run])];
    }

    /// <summary>Plans all keys that can be merged now and moves the runs behind them.</summary>
    /// <param name="plan">Filled; a source is a run.</param>
    public void Build(MergePlan plan)
    {
        plan.Clear();
        FindEnds();
        var active = 0;
        var last = 0;
        for (var run = 0; run < _cursors.Length; run++)
        {
            _starts[run] = _cursors[run].Position;
            if (_ends[run] > _starts[run])
            {
                active++;
                last = run;
            }

            _cursors[run].Position = _ends[run];
        }

        if (active == 1 && _cursors[last].HoldsKeysOnce)
        {
            plan.AddUnique(last, _starts[last], _ends[last] - _starts[last]);
        }
        else if (active > 0)
        {
            Merge(plan);
        }
    }

    private void FindEnds()
    {
        var bound = -1;
        for (var run = 0; run < _cursors.Length; run++)
        {
            var cursor = _cursors[run];
            if (!cursor.IsLastWindow
                && (bound < 0 || cursor.Keys.Compare(cursor.Count - 1, _keys[bound], _cursors[bound].Count - 1) < 0))
            {
                bound = run;
            }
        }

        for (var run = 0; run < _cursors.Length; run++)
        {
            var cursor = _cursors[run];
            if (bound < 0 || run == bound)
            {
                _ends[run] = cursor.Count;
                continue;
            }

            var boundRow = _cursors[bound].Count - 1;
            var end = cursor.Keys.LowerBound(cursor.Position, _keys[bound], boundRow);
            while (end < cursor.Count && cursor.Keys.Compare(end, _keys[bound], boundRow) == 0)
            {
                end++;
            }

            _ends[run] = end;
        }
    }

    private void Merge(MergePlan plan)
    {
        for (var i = 0; i < _runs.Length; i++)
        {
            _treeStarts[i] = _starts[_runs[i]];
            _treeEnds[i] = _ends[_runs[i]];
        }

        _tree.Begin(_treeKeys, _treeStarts, _treeEnds);
        while (!_tree.IsEmpty)
        {
            plan.BeginGroup(new RowReference(_runs[_tree.Winner], _tree.WinnerRow));
            if (_tree.Advance())
            {
                do
                {
                    plan.Add(new RowReference(_runs[_tree.Winner], _tree.WinnerRow));
                }
                while (_tree.Advance());
                if (_isByAge)
                {
                    CheckAge(plan.LastGroup);
                }
                else
                {
                    SortByAge(plan.LastGroup);
                }
            }
        }
    }

    // Runs of which one ends, by its files' sequence numbers, before the next one begins, as flushes are: when the tree gives
    // equal keys in the order of these runs, nobody has to look at the rows' numbers.
    private bool SortRunsByAge()
    {
        if (_cursors[0].UserSequences is not null)
        {
            return false;
        }

        Array.Sort(_runs, (a, b) => _cursors[a].MinSequence.CompareTo(_cursors[b].MinSequence));
        for (var i = 1; i < _runs.Length; i++)
        {
            if (_cursors[_runs[i]].MinSequence <= _cursors[_runs[i - 1]].MaxSequence)
            {
                Array.Sort(_runs);
                return false;
            }
        }

        return true;
    }

    [System.Diagnostics.Conditional("PAIMON_INVARIANTS"), System.Diagnostics.Conditional("DEBUG")]
    private void CheckAge(ReadOnlySpan<RowReference> group)
    {
        for (var i = 1; i < group.Length; i++)
        {
            if (IsNewer(group[i - 1], group[i]))
            {
                throw new CorruptDataException("A file holds sequence numbers outside of the range that its manifest gives.");
            }
        }
    }

    // Most groups are small: an insertion sort. Rows that are of one age stay in the order of their runs.
    private void SortByAge(Span<RowReference> group)
    {
        if (group.Length > MaxInsertionRows)
        {
            group.Sort(_byAge ??= CompareAge);
            return;
        }

        for (var i = 1; i < group.Length; i++)
        {
            var row = group[i];
            var j = i - 1;
            while (j >= 0 && IsNewer(group[j], row))
            {
                group[j + 1] = group[j];
                j--;
            }

            group[j + 1] = row;
        }
    }

    private int CompareAge(RowReference left, RowReference right) =>
        IsNewer(left, right) ? 1
        : IsNewer(right, left) ? -1
        : left.Source != right.Source ? left.Source.CompareTo(right.Source)
        : left.Row.CompareTo(right.Row);

    private bool IsNewer(RowReference left, RowReference right)
    {
        var a = _cursors[left.Source];
        var b = _cursors[right.Source];
        if (a.UserSequences is not null)
        {
            var order = a.UserSequences.Compare(left.Row, b.UserSequences!, right.Row);
            if (order != 0)
            {
                return order > 0;
            }
        }

        var sequence = a.Sequences.Values[left.Row];
        var other = b.Sequences.Values[right.Row];
        return sequence != other
            ? sequence > other
            : a.Kinds.Values[left.Row].IsAdd() && b.Kinds.Values[right.Row].IsRetract();
    }
}
