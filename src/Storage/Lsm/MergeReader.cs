using System.Buffers;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Merges the sorted runs of one section: key windows of all runs are loaded, a plan is made of what they cover, the merge
/// engine chooses rows, and every column is gathered by itself. Memory is bounded by the bytes of the windows. For one thread
/// at a time.
/// </summary>
internal sealed class MergeReader : IAsyncDisposable
{
    private const long StepBytes = 4L << 20;

    private readonly KeyValueReadPlan _plan;
    private readonly MergeEngine _engine;
    private readonly bool _keepRetracts;
    private readonly RunCursor[] _cursors;
    private readonly MergePlanner _planner;
    private readonly MergePlan _mergePlan = new();
    private readonly ColumnVector[]?[] _sources;
    private readonly FixedVector<RowKind>[] _kinds;
    private readonly FixedVector<long>[] _sequences;
    private RowReference[] _selected = [];
    private int _selectedCount;
    private int _gathered;

    /// <summary>Opens no file yet.</summary>
    /// <param name="runs">The runs of a section.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="engine">Chooses rows.</param>
    /// <param name="keepRetracts">True to give keys whose newest row is a retraction, for compactions.</param>
    public MergeReader(
        IReadOnlyList<SortedRun> runs,
        KeyValueReadPlan plan,
        KeyValueFileReaderFactory files,
        MergeEngine engine,
        bool keepRetracts)
    {
        _plan = plan;
        _engine = engine;
        _keepRetracts = keepRetracts;
        _cursors = [.. runs.Select(run => new RunCursor(run, plan, files, runs.Count))];
        _planner = new MergePlanner(_cursors);
        _kinds = [.. _cursors.Select(cursor => cursor.Kinds)];
        _sequences = [.. _cursors.Select(cursor => cursor.Sequences)];
        _sources = [.. plan.Sources.Select(Collect)];
    }

    /// <summary>Appends the next merged rows, in key order, of large rows fewer than the windows hold.</summary>
    /// <param name="target">The columns of the plan's result; kinds and sequence numbers where the batch has them. Partition
    /// columns are left to the caller.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended; null when the section is read. A plan of tombstones alone appends none.</returns>
    public async ValueTask<int?> ReadAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        if (_gathered == _selectedCount && !await SelectAsync(cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return GatherNext(target);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var cursor in _cursors)
        {
            await cursor.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SelectAsync(CancellationToken cancellationToken)
    {
        var isAtEnd = true;
        foreach (var cursor in _cursors)
        {
            await cursor.LoadAsync(cancellationToken).ConfigureAwait(false);
            isAtEnd &= cursor.IsAtEnd;
        }

        if (isAtEnd)
        {
            return false;
        }

        _planner.Build(_mergePlan);
        if (_selected.Length < _mergePlan.GroupCount)
        {
            _selected = new RowReference[_mergePlan.GroupCount];
        }

        _selectedCount = _engine.Select(_mergePlan, _kinds, !_keepRetracts, _selected);
        _gathered = 0;
        await LoadValuesAsync(_selected, _selectedCount, cancellationToken).ConfigureAwait(false);
        CheckLost();
        return true;
    }

    private void CheckLost()
    {
        if (Array.Exists(_cursors, cursor => cursor.HasLostRows))
        {
            foreach (var row in _selected.AsSpan(0, _selectedCount))
            {
                _cursors[row.Source].CheckLost(row.Row);
            }
        }
    }

    // The windows together may hold more than a batch should: large rows are given out in several.
    private int GatherNext(ColumnBatch target)
    {
        var (rows, bytes) = (1L, 0L);
        foreach (var cursor in _cursors)
        {
            rows += cursor.Count;
            bytes += cursor.WindowBytes;
        }

        var step = (int)Math.Clamp(StepBytes / Math.Max(1, bytes / rows), 1, int.MaxValue);
        var start = _gathered;
        while (_gathered < _selectedCount && target.SizeBytes < _plan.Memory.BatchBytes)
        {
            var count = Math.Min(step, _selectedCount - _gathered);
            Gather(_selected.AsMemory(_gathered, count), target);
            _gathered += count;
        }

        return _gathered - start;
    }

    private ColumnVector[]? Collect((ColumnSource Source, int Index) column) => column.Source switch
    {
        ColumnSource.Key => [.. _cursors.Select(cursor => cursor.KeyColumns[column.Index])],
        ColumnSource.Value => [.. _cursors.Select(cursor => cursor.ValueColumns[column.Index])],
        _ => null,
    };

    private async ValueTask LoadValuesAsync(RowReference[] selected, int count, CancellationToken cancellationToken)
    {
        if (_plan.ValueType.Fields.Count == 0)
        {
            return;
        }

        var needed = ArrayPool<bool>.Shared.Rent(_cursors.Length);
        Array.Clear(needed);
        foreach (var row in selected.AsSpan(0, count))
        {
            needed[row.Source] = true;
        }

        for (var run = 0; run < _cursors.Length; run++)
        {
            if (needed[run])
            {
                await _cursors[run].LoadValuesAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        ArrayPool<bool>.Shared.Return(needed);
    }

    private void Gather(ReadOnlyMemory<RowReference> selected, ColumnBatch target)
    {
        ColumnLoop.Run(target.Columns, selected.Length, i =>
        {
            if (_sources[i] is { } sources)
            {
                target.Columns[i].AppendGather(sources, selected.Span);
            }
        });
        target.Kinds?.AppendGather(_kinds, selected.Span);
        target.Sequences?.AppendGather(_sequences, selected.Span);
    }
}
