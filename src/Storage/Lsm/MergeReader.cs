using System.Buffers;
using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Merges the sorted runs of one section: key windows of all runs are loaded, a plan is made of what they cover, the merge
/// engine chooses rows, and every column is gathered by itself. Memory is bounded by the windows. For one thread at a time.
/// </summary>
internal sealed class MergeReader : IAsyncDisposable
{
    private const int MaxWindowRows = 16 * 1024;
    private const int MinWindowRows = 64;
    private const long WindowBytes = 64L << 20;

    private readonly KeyValueReadPlan _plan;
    private readonly MergeEngine _engine;
    private readonly bool _keepRetracts;
    private readonly RunCursor[] _cursors;
    private readonly MergePlanner _planner;
    private readonly MergePlan _mergePlan = new();
    private readonly ColumnVector[]?[] _sources;
    private readonly FixedVector<RowKind>[] _kinds;
    private readonly FixedVector<long>[] _sequences;

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
        var windowRows = WindowRows(runs);
        _cursors = [.. runs.Select(run => new RunCursor(run, plan, files, windowRows))];
        _planner = new MergePlanner(_cursors);
        _kinds = [.. _cursors.Select(cursor => cursor.Kinds)];
        _sequences = [.. _cursors.Select(cursor => cursor.Sequences)];
        _sources = [.. plan.Sources.Select(Collect)];
    }

    /// <summary>Appends the next merged rows, in key order.</summary>
    /// <param name="target">The columns of the plan's result; kinds and sequence numbers where the batch has them. Partition
    /// columns are left to the caller.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The rows appended; null when the section is read. A plan of tombstones alone appends none.</returns>
    public async ValueTask<int?> ReadAsync(ColumnBatch target, CancellationToken cancellationToken)
    {
        var isAtEnd = true;
        foreach (var cursor in _cursors)
        {
            await cursor.LoadAsync(cancellationToken).ConfigureAwait(false);
            isAtEnd &= cursor.IsAtEnd;
        }

        if (isAtEnd)
        {
            return null;
        }

        _planner.Build(_mergePlan);
        var selected = ArrayPool<RowReference>.Shared.Rent(_mergePlan.GroupCount);
        try
        {
            var count = _engine.Select(_mergePlan, _kinds, !_keepRetracts, selected);
            await LoadValuesAsync(selected, count, cancellationToken).ConfigureAwait(false);
            Gather(selected.AsSpan(0, count), target);
            return count;
        }
        finally
        {
            ArrayPool<RowReference>.Shared.Return(selected);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var cursor in _cursors)
        {
            await cursor.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static int WindowRows(IReadOnlyList<SortedRun> runs)
    {
        long sizeBytes = 0;
        long rows = 0;
        foreach (var file in runs.SelectMany(run => run.Files))
        {
            sizeBytes += file.FileSizeBytes;
            rows += file.RowCount;
        }

        // Decoded rows are taken to be four times as large as stored ones.
        var rowBytes = Math.Max(1, sizeBytes * 4 / Math.Max(1, rows));
        return (int)Math.Clamp(WindowBytes / runs.Count / rowBytes, MinWindowRows, MaxWindowRows);
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

    private void Gather(ReadOnlySpan<RowReference> selected, ColumnBatch target)
    {
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i] is { } sources)
            {
                target.Columns[i].AppendGather(sources, selected);
            }
        }

        target.Kinds?.AppendGather(_kinds, selected);
        target.Sequences?.AppendGather(_sequences, selected);
    }
}
