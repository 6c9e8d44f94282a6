using PaimonSharp.Data;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Merges the runs of one section for a compaction that tells of changes: the merged rows, and beside them the changelog of the
/// same keys, in key order, -U right before +U. Works on columns as <see cref="MergeReader"/> does. For one thread at a time.
/// </summary>
internal sealed class ChangelogReader : IAsyncDisposable
{
    private const long StepBytes = 4L << 20;

    private readonly KeyValueWriteContext _context;
    private readonly ColumnVector[] _partition;
    private readonly BeforeRows _before;
    private readonly ChangelogRows? _changes;
    private readonly BoundMerge _merge;
    private readonly MergeRuns _runs;
    private readonly RunCursor[] _cursors;
    private readonly MergePlanner _planner;
    private readonly MergePlan _mergePlan = new();
    private readonly ColumnVector[]?[] _sources;
    private readonly FixedVector<RowKind>[] _kinds;
    private readonly FixedVector<long>[] _sequences;
    private int[] _keptRows = [];
    private ColumnBatch? _filtered;
    private int _gathered;

    /// <summary>Loads nothing yet.</summary>
    /// <param name="runs">The runs of a section; taken over.</param>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="before">Finds the rows before the compaction.</param>
    /// <param name="changes">Makes the changelog; null for none.</param>
    public ChangelogReader(
        MergeRuns runs,
        KeyValueWriteContext context,
        BucketFiles bucket,
        BeforeRows before,
        ChangelogRows? changes)
    {
        _context = context;
        _partition = bucket.PartitionValues;
        _before = before;
        _changes = changes;
        var plan = context.CompactionPlan;
        _merge = plan.Engine.Bind(plan.MergeType);
        _runs = runs;
        _cursors = runs.Cursors;
        _planner = new MergePlanner(_cursors);
        var found = before.FoundRows;
        _kinds = [.. _cursors.Select(cursor => cursor.Kinds)];
        _sequences = [.. _cursors.Select(cursor => cursor.Sequences)];
        _sources = new ColumnVector[plan.Sources.Count][];
        if (found is not null)
        {
            _kinds = [.. _kinds, found.Kinds!];
            _sequences = [.. _sequences, found.Sequences!];
        }

        for (var i = 0; i < _sources.Length; i++)
        {
            if (Collect(plan.Sources[i]) is { } columns)
            {
                _sources[i] = found is null
                    ? columns
                    : [.. columns, found.Columns[found.RowType.IndexOf(plan.MergeType.Fields[i].Name)]];
            }
        }
    }

    /// <summary>The merged rows read last that are part of the bucket from now on; good until the next are read.</summary>
    public ColumnBatch Kept { get; private set; } = null!;

    /// <summary>Reads the next keys.</summary>
    /// <param name="merged">Cleared, then filled with the merged rows of all kinds, with kinds and sequence numbers.</param>
    /// <param name="dropDelete">True to keep no retractions.</param>
    /// <param name="changelog">Cleared, then filled with the changelog, if one is made.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when the section is read.</returns>
    public async ValueTask<bool> ReadAsync(
        ColumnBatch merged, bool dropDelete, ColumnBatch changelog, CancellationToken cancellationToken)
    {
        merged.Clear();
        changelog.Clear();
        while (_gathered == _merge.Result.Count)
        {
            if (!await MergeAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        var start = _gathered;
        GatherMerged(merged);
        AppendPartition(merged.Columns, _gathered - start);
        merged.EndRows(_gathered - start);
        Kept = Filter(merged, start, dropDelete);
        if (_changes is not null)
        {
            _changes.Choose(_merge.Result, start, _gathered - start, _before, merged, _sources);
            GatherChangelog(merged, changelog);
        }

        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _runs.DisposeAsync();

    private ColumnBatch Filter(ColumnBatch merged, int start, bool dropDelete)
    {
        if (_keptRows.Length < merged.RowCount)
        {
            _keptRows = new int[merged.RowCount];
        }

        var count = 0;
        for (var row = 0; row < merged.RowCount; row++)
        {
            if ((!dropDelete || _merge.Result.Kinds[start + row].IsAdd())
                && _before.Changes[_merge.Result.Groups[start + row]] != KeyChange.Dropped)
            {
                _keptRows[count++] = row;
            }
        }

        if (count == merged.RowCount)
        {
            return merged;
        }

        _filtered ??= new ColumnBatch(_context.Schema.RowType, withKinds: true, withSequences: true);
        _filtered.Clear();
        ColumnLoop.Run(_filtered.Columns, count, i => _filtered.Columns[i].AppendGather(merged.Columns[i], _keptRows.AsSpan(0, count)));
        _filtered.Kinds!.AppendGather(merged.Kinds!, _keptRows.AsSpan(0, count));
        _filtered.Sequences!.AppendGather(merged.Sequences!, _keptRows.AsSpan(0, count));
        _filtered.EndRows(count);
        return _filtered;
    }

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
        await _before.FindAsync(_mergePlan, _cursors, cancellationToken).ConfigureAwait(false);
        foreach (var cursor in _cursors)
        {
            if (cursor.Count > 0)
            {
                await cursor.LoadValuesAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        _merge.Merge(new MergeInput
        {
            Plan = _before.Plan,
            Kinds = _kinds,
            Columns = _sources,
            DropRetracts = false,
            FoldsLone = _before.FoldsLone,
            Whole = _before.Plan == _mergePlan ? null : _mergePlan,
        });
        _gathered = 0;
        CheckLost();
        return true;
    }

    private void CheckLost()
    {
        if (Array.Exists(_cursors, cursor => cursor.HasLostRows))
        {
            foreach (var row in _before.Plan.Rows)
            {
                if (row.Source < _cursors.Length)
                {
                    _cursors[row.Source].CheckLost(row.Row);
                }
            }
        }
    }

    // The windows together may hold more than a batch should: large rows are given out in several.
    private void GatherMerged(ColumnBatch merged)
    {
        var (rows, bytes) = (1L, 0L);
        foreach (var cursor in _cursors)
        {
            rows += cursor.Count;
            bytes += cursor.WindowBytes;
        }

        var step = (int)Math.Clamp(StepBytes / Math.Max(1, bytes / rows), 1, int.MaxValue);
        var first = _gathered;
        while (_gathered < _merge.Result.Count && merged.SizeBytes < _context.Memory.BatchBytes)
        {
            var (start, count) = (_gathered, Math.Min(step, _merge.Result.Count - _gathered));
            ColumnLoop.Run(merged.Columns, count, i =>
            {
                if (_sources[i] is not null)
                {
                    _merge.Gather(i, start, count, merged.Columns[i]);
                }
            });
            _gathered += count;
        }

        merged.Kinds!.AppendValues(_merge.Result.Kinds[first.._gathered]);
        merged.Sequences!.AppendGather(_sequences, _merge.Result.Rows[first.._gathered]);
    }

    // Merged rows are a source like the others, the last one.
    private void GatherChangelog(ColumnBatch merged, ColumnBatch changelog)
    {
        var rows = _changes!.RowsMemory;
        ColumnLoop.Run(changelog.Columns, rows.Length, i =>
        {
            if (_sources[i] is { } sources)
            {
                changelog.Columns[i].AppendGather((ColumnVector[])[.. sources, merged.Columns[i]], rows.Span);
            }
        });
        AppendPartition(changelog.Columns, rows.Length);
        changelog.Kinds!.AppendValues(_changes.Kinds);
        changelog.Sequences!.AppendGather((ColumnVector[])[.. _sequences, merged.Sequences!], rows.Span);
        changelog.EndRows(rows.Length);
    }

    private void AppendPartition(IReadOnlyList<ColumnVector> columns, int rows)
    {
        var sources = _context.CompactionPlan.Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i].Source == ColumnSource.Partition)
            {
                BinaryRows.AppendRepeated(columns[i], _partition[sources[i].Index], rows);
            }
        }
    }

    private ColumnVector[]? Collect((ColumnSource Source, int Index) column) => column.Source switch
    {
        ColumnSource.Key => [.. _cursors.Select(cursor => cursor.KeyColumns[column.Index])],
        ColumnSource.Value => [.. _cursors.Select(cursor => cursor.ValueColumns[column.Index])],
        _ => null,
    };
}
