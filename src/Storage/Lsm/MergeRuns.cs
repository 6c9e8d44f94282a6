using PaimonSharp.Storage.Spill;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// The runs that a merge reads side by side: as many data files at a time as the memory budget has room for. Where a section has
/// more runs, the smallest of them are read before, one after another, and sorted in memory or, beyond
/// <c>sort-spill-buffer-size</c>, into spilled runs; all versions of a key are kept. For one thread at a time.
/// </summary>
internal sealed class MergeRuns : IAsyncDisposable
{
    private readonly IAsyncDisposable? _spilled;
    private readonly KeyValueReadPlan _plan;
    private int _fileRuns;

    private MergeRuns(RunCursor[] cursors, KeyValueReadPlan plan, int fileRuns = 0, IAsyncDisposable? spilled = null)
    {
        Cursors = cursors;
        _plan = plan;
        _fileRuns = fileRuns;
        _spilled = spilled;
    }

    /// <summary>The runs.</summary>
    public RunCursor[] Cursors { get; }

    /// <summary>The runs of a section.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="files">Opens files.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async ValueTask<MergeRuns> OpenAsync(
        IReadOnlyList<SortedRun> runs,
        KeyValueReadPlan plan,
        KeyValueFileReaderFactory files,
        CancellationToken cancellationToken)
    {
        var limit = plan.TakeRuns(Math.Clamp(plan.Spill.RunThreshold ?? int.MaxValue, 1, runs.Count));
        if (runs.Count <= limit)
        {
            return new MergeRuns([.. runs.Select(run => new FileRunCursor(run, plan, files, runs.Count))], plan, limit);
        }

        // Those of about the same age together: spilled runs that overlap in no sequence number are merged without looking at them.
        var bySize = runs.OrderBy(SizeOf).ToList();
        var small = bySize.Take(runs.Count - limit).OrderBy(run => run.Files.Min(file => file.MinSequenceNumber)).ToList();
        var surplus = new SurplusRuns(plan, files, limit, small.Sum(SizeOf));
        try
        {
            foreach (var run in small)
            {
                await surplus.AddAsync(run, cancellationToken).ConfigureAwait(false);
            }

            var sorted = await surplus.FinishAsync(cancellationToken).ConfigureAwait(false);
            var kept = bySize.Skip(small.Count).Select(run => new FileRunCursor(run, plan, files, 2 * limit));
            return new MergeRuns([.. kept, .. sorted], plan, limit, surplus);
        }
        catch
        {
            plan.ReturnRuns(limit);
            await surplus.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs that were spilled before.</summary>
    /// <param name="runs">The runs; their files stay.</param>
    /// <param name="plan">The columns.</param>
    public static MergeRuns Of(IEnumerable<SpilledRun> runs, KeyValueReadPlan plan) =>
        new([.. runs.Select(run => new SpilledRunCursor(run, plan))], plan);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var cursor in Cursors)
        {
            await cursor.DisposeAsync().ConfigureAwait(false);
        }

        _plan.ReturnRuns(_fileRuns);
        _fileRuns = 0;
        if (_spilled is not null)
        {
            await _spilled.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static long SizeOf(SortedRun run) => run.Files.Sum(file => file.FileSizeBytes);
}
