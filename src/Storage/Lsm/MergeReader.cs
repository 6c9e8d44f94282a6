using System.Buffers;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Merges the sorted runs of one section: key windows of all runs are loaded, a plan is made of what they cover, the merge
/// engine says what becomes of each key, and every column is gathered by itself. Memory is bounded by the bytes of the
/// windows. For one thread at a time.
/// </summary>
internal sealed class MergeReader : IAsyncDisposable
{
    private const long StepBytes = 4L << 20;

    /// <summary>
    /// Windows of many runs are small, and so are the plans made of them: results are collected until there are so many, as what
    /// is done with a batch costs something for every batch, too.
    /// </summary>
    private const int EnoughRows = 16 * 1024;

    private readonly KeyValueReadPlan _plan;
    private readonly BoundMerge _merge;
    private readonly bool _keepRetracts;
    private readonly bool _foldsLone;
    private readonly MergeRuns _runs;
    private readonly RunCursor[] _cursors;
    private readonly MergePlanner _planner;
    private readonly MergePlan _mergePlan = new();
    private readonly MergePlan? _reducedPlan;
    private readonly ColumnVector[]?[] _sources;
    private readonly FixedVector<RowKind>[] _kinds;
    private readonly FixedVector<long>[] _sequences;
    private int _gathered;

    /// <summary>Loads nothing yet.</summary>
    /// <param name="runs">The runs of a section; taken over.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="keepRetracts">True to give keys whose result is a retraction, for compactions.</param>
    /// <param name="foldsLone">See <see cref="MergeInput.FoldsLone"/>.</param>
    public MergeReader(
        MergeRuns runs,
        KeyValueReadPlan plan,
        bool keepRetracts,
        bool foldsLone = false)
    {
        _plan = plan;
        _merge = plan.Engine.Bind(plan.MergeType);
        _keepRetracts = keepRetracts;
        _foldsLone = foldsLone;
        _runs = runs;
        _cursors = runs.Cursors;
        _planner = new MergePlanner(_cursors);
        _reducedPlan = plan.CountsLowestLevelOnly ? new MergePlan() : null;
        _kinds = [.. _cursors.Select(cursor => cursor.Kinds)];
        _sequences = [.. _cursors.Select(cursor => cursor.Sequences)];
        _sources = [.. plan.Sources.Select(Collect)];
    }

    /// <summary>Appends the next merged rows, in key order, of large rows fewer than the windows hold.</summary>
    /// <param name="target">The columns of the plan's result; kinds and sequence numbers where the batch has them. Partition
    /// columns are left to the caller.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended; null when the section is read.</returns>
    public async ValueTask<int?> ReadAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        var rows = 0;
        do
        {
            if (_gathered == _merge.Result.Count && !await MergeAsync(cancellationToken).ConfigureAwait(false))
            {
                return rows == 0 ? null : rows;
            }

            rows += GatherNext(target);
        }
        while (rows < EnoughRows && target.SizeBytes < _plan.Memory.BatchBytes);
        return rows;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _runs.DisposeAsync();

    private async ValueTask<bool> MergeAsync(CancellationToken cancellationToken)
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
        if (_reducedPlan is not null)
        {
            LowestLevel.Reduce(_mergePlan, _cursors, _reducedPlan);
        }

        var plan = _reducedPlan ?? _mergePlan;
        var needsValues = _plan.Engine.NeedsValues;
        if (needsValues)
        {
            await LoadValuesAsync(plan.RowsMemory, cancellationToken).ConfigureAwait(false);
            CheckLost(plan.Rows);
        }

        _merge.Merge(new MergeInput
        {
            Plan = plan,
            Kinds = _kinds,
            Columns = _sources,
            DropRetracts = !_keepRetracts,
            FoldsLone = _foldsLone,
            Whole = _reducedPlan is null ? null : _mergePlan,
        });
        _gathered = 0;
        if (!needsValues)
        {
            await LoadValuesAsync(_merge.Result.RowsMemory, cancellationToken).ConfigureAwait(false);
            CheckLost(_merge.Result.Rows);
        }

        return true;
    }

    private void CheckLost(ReadOnlySpan<RowReference> rows)
    {
        if (Array.Exists(_cursors, cursor => cursor.HasLostRows))
        {
            foreach (var row in rows)
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
        while (_gathered < _merge.Result.Count && target.SizeBytes < _plan.Memory.BatchBytes)
        {
            var count = Math.Min(step, _merge.Result.Count - _gathered);
            Gather(_gathered, count, target);
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

    private async ValueTask LoadValuesAsync(ReadOnlyMemory<RowReference> rows, CancellationToken cancellationToken)
    {
        if (_plan.ValueType.Fields.Count == 0)
        {
            return;
        }

        var needed = ArrayPool<bool>.Shared.Rent(_cursors.Length);
        Array.Clear(needed);
        foreach (var row in rows.Span)
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

    private void Gather(int start, int count, ColumnBatch target)
    {
        ColumnLoop.Run(target.Columns, count, i =>
        {
            if (_sources[i] is not null)
            {
                _merge.Gather(i, start, count, target.Columns[i]);
            }
        });
        target.Kinds?.AppendValues(_merge.Result.Kinds.Slice(start, count));
        target.Sequences?.AppendGather(_sequences, _merge.Result.Rows.Slice(start, count));
    }
}
