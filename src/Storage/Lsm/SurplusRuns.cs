using PaimonSharp.Merge;
using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Sorts the rows of runs that are too many to be read side by side: each run is read alone into memory. When their rows take
/// as much as they may, those of the same level are merged, all versions of a key oldest first, into a run of a spill file. What
/// is in memory at the end stays there. For one thread at a time.
/// </summary>
internal sealed class SurplusRuns : IAsyncDisposable
{
    private const long MinBlockBytes = 8L << 10;
    private const long MaxBlockBytes = 256L << 10;

    /// <summary>How much larger rows are in memory than in files, for the number of runs to come.</summary>
    private const int Growth = 4;

    /// <summary>Only as much is read at once of a run as if there were so many of them.</summary>
    private const int ReadShare = 16;

    /// <summary>What a window takes besides its rows: for each column, and beside its columns.</summary>
    private const long ColumnBytes = 512;
    private const long WindowBytes = 2048;

    private readonly KeyValueReadPlan _plan;
    private readonly KeyValueFileReaderFactory _files;
    private readonly long _bufferBytes;
    private readonly long _blockBytes;
    private readonly List<LoadedRunCursor> _loaded = [];
    private readonly List<SpilledRun> _spilled = [];
    private readonly MergePlan _mergePlan = new();
    private SpillStore? _store;
    private SpillFile? _file;
    private RunWindow? _block;
    private long _fullBytes;

    /// <summary>Reads nothing yet.</summary>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="otherRuns">The runs that are merged with these.</param>
    /// <param name="sizeBytes">What the files of all runs that will be added take.</param>
    public SurplusRuns(KeyValueReadPlan plan, KeyValueFileReaderFactory files, int otherRuns, long sizeBytes)
    {
        _plan = plan;
        _files = files;
        _bufferBytes = Math.Min(plan.Spill.SortBufferBytes, plan.Memory.SortBufferBytes);
        var runs = otherRuns + (sizeBytes * Growth / Math.Max(1, _bufferBytes)) + 1;
        _blockBytes = Math.Clamp(plan.Memory.WindowBytes / 2 / runs, MinBlockBytes, MaxBlockBytes);
    }

    private long FixedBytes => WindowBytes + (ColumnBytes * (_plan.KeyType.Fields.Count + _plan.ValueType.Fields.Count));

    /// <summary>Reads a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask AddAsync(SortedRun run, CancellationToken cancellationToken)
    {
        var source = new FileRunCursor(run, _plan, _files, ReadShare);
        await using var disposeSource = source.ConfigureAwait(false);
        LoadedRunCursor? target = null;
        while (true)
        {
            await source.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (source.IsAtEnd)
            {
                break;
            }

            await source.LoadValuesAsync(cancellationToken).ConfigureAwait(false);
            if (target is null || target.Level != source.Level)
            {
                _fullBytes += FixedBytes + (target?.SizeBytes ?? 0);
                target = new LoadedRunCursor(_plan, source.Level);
                _loaded.Add(target);
            }

            target.Append(source);
            source.Position = source.Count;
            if (_fullBytes + target.SizeBytes >= _bufferBytes)
            {
                await SpillAsync(cancellationToken).ConfigureAwait(false);
                target = null;
            }
        }

        _fullBytes += target?.SizeBytes ?? 0;
    }

    /// <summary>Ends the sort.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The sorted rows; the caller disposes of the cursors before this object.</returns>
    public async ValueTask<IReadOnlyList<RunCursor>> FinishAsync(CancellationToken cancellationToken)
    {
        if (_block is not null)
        {
            _plan.ReturnWindow(_block);
            _block = null;
        }

        if (_file is not null)
        {
            await _file.SealAsync(cancellationToken).ConfigureAwait(false);
        }

        RunCursor[] cursors = [.. _loaded, .. _spilled.Select(run => new SpilledRunCursor(run, _plan))];
        _loaded.Clear();
        return cursors;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ClearLoadedAsync().ConfigureAwait(false);
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }

        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SpillAsync(CancellationToken cancellationToken)
    {
        _store ??= new SpillStore(_files.Environment, _plan.Spill);
        _file ??= await _store.CreateAsync(cancellationToken).ConfigureAwait(false);
        foreach (var level in _loaded.GroupBy(run => run.Level))
        {
            _spilled.Add(await SpillAsync(_file, [.. level], cancellationToken).ConfigureAwait(false));
        }

        await ClearLoadedAsync().ConfigureAwait(false);
    }

    private async ValueTask<SpilledRun> SpillAsync(SpillFile file, LoadedRunCursor[] runs, CancellationToken cancellationToken)
    {
        new MergePlanner(runs).Build(_mergePlan);
        _block ??= _plan.RentWindow();
        var writer = new SpilledRunWriter(file);
        var rows = _block.ToSpill();
        var sources = new RunSources(runs);
        var step = (int)Math.Clamp(_blockBytes / 4 * _mergePlan.Rows.Length / Math.Max(1, runs.Sum(run => run.SizeBytes)), 1, int.MaxValue);
        for (var group = 0; group < _mergePlan.GroupCount;)
        {
            _block.Clear();
            rows.LostRows.Clear();
            while (group < _mergePlan.GroupCount && _block.SizeBytes < _blockBytes)
            {
                var start = _mergePlan.StartOf(group);
                for (var target = start + step; group < _mergePlan.GroupCount && _mergePlan.StartOf(group) < target;)
                {
                    group++;
                }

                sources.Gather(_mergePlan.Rows[start.._mergePlan.EndOf(group - 1)], rows);
            }

            await writer.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
        }

        return writer.Finish() with
        {
            Level = runs[0].Level,
            Loss = runs.FirstOrDefault(run => run.HasLostRows)?.Loss,
        };
    }

    private async ValueTask ClearLoadedAsync()
    {
        foreach (var run in _loaded)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }

        _loaded.Clear();
        _fullBytes = 0;
    }
}
