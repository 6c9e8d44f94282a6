using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Keeps the tree of one bucket and its compactions: chooses what to merge, has it merged in the background, one unit at a time,
/// and puts the result into the tree. One thread.
/// </summary>
internal sealed class CompactManager
{
    private readonly BucketFiles _bucket;
    private readonly BucketRewriters _rewriters;
    private readonly BackgroundCompaction _background;
    private KeyValueWriteContext _context;
    private ICompactStrategy _strategy;
    private int _stopTrigger;

    /// <summary>Continues a bucket.</summary>
    /// <param name="context">Schema and options.</param>
    /// <param name="bucket">Where the files are.</param>
    /// <param name="rewriters">How files are merged.</param>
    /// <param name="scheduler">Runs compactions.</param>
    /// <param name="liveFiles">The bucket's live files.</param>
    /// <exception cref="PaimonException">Invalid: there are too few levels to compact.</exception>
    public CompactManager(
        KeyValueWriteContext context,
        BucketFiles bucket,
        BucketRewriters rewriters,
        CompactionScheduler scheduler,
        IReadOnlyList<DataFileMeta> liveFiles)
    {
        _rewriters = rewriters;
        _bucket = bucket;
        _background = new BackgroundCompaction(scheduler);
        _context = context;
        Levels = new Levels(liveFiles, context.KeyType, CompactStrategies.LevelCount(context.Options));
        if (Levels.LevelCount < 2 && !IsWriteOnly)
        {
            throw TableOptions.Error("num-levels", $"{Levels.LevelCount}", "2 or more, as compactions leave nothing at level 0");
        }

        _strategy = NewStrategy(context);
        _stopTrigger = CompactStrategies.StopTrigger(context.Options);
    }

    /// <summary>The bucket's tree, without what the running compaction does.</summary>
    public Levels Levels { get; private set; }

    /// <summary>True while a compaction runs, or has ended and was not taken.</summary>
    public bool IsRunning => _background.IsRunning;

    /// <summary>True when there is something to do that cannot wait for rows: what lookups need is left at level 0.</summary>
    public bool IsUnfinished =>
        IsRunning || (!IsWriteOnly && LookupStrategy.Of(_context.Options).NeedsLookup && Levels.Runs is [{ Level: 0 }, ..]);

    /// <summary>True when a flush is to wait for the running compaction: there are more runs than <c>num-sorted-run.stop-trigger</c>.</summary>
    public bool HasTooManyRuns => Levels.Runs.Count > _stopTrigger;

    /// <summary>True when a commit is to wait for the running compaction: there are many more runs.</summary>
    public bool HasFarTooManyRuns => Levels.Runs.Count > _stopTrigger + 1L;

    private bool IsWriteOnly => _context.Options.GetBoolean("write-only", false);

    /// <summary>Adds flushed files.</summary>
    /// <param name="files">Files of level 0.</param>
    public void Add(IReadOnlyList<DataFileMeta> files) => Levels = Levels.Replace([], files);

    /// <summary>Goes on with another schema; the running compaction ends with the old one.</summary>
    /// <param name="context">The new schema and its options.</param>
    public void UseContext(KeyValueWriteContext context)
    {
        _context = context;
        _strategy = NewStrategy(context);
        _stopTrigger = CompactStrategies.StopTrigger(context.Options);
    }

    /// <summary>Begins a compaction if there is reason to and none is running.</summary>
    /// <param name="isFull">True to merge everything, also for less reason; none may be running then.</param>
    /// <param name="isAwaited">True when the caller waits for its end, so that one that failed is tried again at once.</param>
    /// <exception cref="PaimonException">Invalid: a full compaction with option <c>write-only</c>.</exception>
    public void Start(bool isFull, bool isAwaited)
    {
        if (IsWriteOnly)
        {
            if (isFull)
            {
                PaimonException.ThrowInvalid(
                    "A writer with option write-only = true does not compact: compact by one of the table opened with"
                    + " write-only = false.");
            }

            return;
        }

        if (_background.IsRunning || (_background.TakePause() && !isAwaited))
        {
            return;
        }

        var strategy = isFull ? new FullCompaction(_context.Options, HasRowsToLeaveOut) : _strategy;
        if (strategy.Pick(Levels) is { IsDone: false } unit)
        {
            var task = new CompactTask(_context, _bucket, _rewriters.Open(_context, Levels), Levels, unit)
            {
                HasExpiredRows = _bucket.Readers.HasExpiredRows,
            };
            _background.Start(task.RunAsync);
        }
    }

    /// <summary>Takes what the compaction did, if it has ended.</summary>
    /// <param name="wait">True to wait for its end.</param>
    /// <param name="cancellationToken">Gives up waiting; the compaction goes on.</param>
    /// <returns>What it did; null when there is nothing, it has not ended, or it failed.</returns>
    public async ValueTask<CompactResult?> TakeAsync(bool wait, CancellationToken cancellationToken)
    {
        if (await _background.TakeAsync(wait, cancellationToken).ConfigureAwait(false) is not { Before.Count: > 0 } result)
        {
            return null;
        }

        Levels = Levels.Replace(result.Before, result.After);
        return result;
    }

    /// <summary>Tells of a compaction that failed; the tree is as it was before it.</summary>
    public void ThrowIfFailed() => _background.ThrowIfFailed();

    /// <summary>Stops the compaction and waits for its end.</summary>
    /// <returns>What it did, when it had ended well before.</returns>
    public ValueTask<CompactResult?> CancelAsync() => _background.CancelAsync();

    private ICompactStrategy NewStrategy(KeyValueWriteContext context)
    {
        var strategy = CompactStrategies.Create(context.Options, context.Environment.TimeProvider, Levels);
        return context.Environment.WrapStrategy?.Invoke(_bucket.Id, strategy) ?? strategy;
    }

    private bool HasRowsToLeaveOut(DataFileMeta file) => _rewriters.HasDeletedRows(file) || _bucket.Readers.HasExpiredRows(file);
}
