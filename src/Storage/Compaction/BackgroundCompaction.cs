using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// The compaction of one bucket that runs in the background, one at a time. What it did is taken by the bucket's writer when that
/// is ready for it; what failed is told once, at a moment that loses nothing. For one thread at a time, beside the one that it runs
/// the compaction on.
/// </summary>
/// <param name="scheduler">Runs it.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Disposed where a compaction ends.")]
internal sealed class BackgroundCompaction(CompactionScheduler scheduler)
{
    private Task<CompactResult>? _running;
    private CancellationTokenSource? _stop;
    private ExceptionDispatchInfo? _failure;
    private bool _isPaused;

    /// <summary>True while one runs, or has ended and was not taken.</summary>
    public bool IsRunning => _running is not null;

    /// <summary>
    /// True when none should begin unless somebody waits for it: one failed and nobody knows yet, or it was told of just now and
    /// what comes next, a commit without a compaction, is to succeed.
    /// </summary>
    public bool TakePause()
    {
        var isPaused = _isPaused || _failure is not null;
        _isPaused = false;
        return isPaused;
    }

    /// <summary>Begins a compaction; none may be running.</summary>
    /// <param name="compaction">The work; it removes its files when it fails.</param>
    public void Start(Func<CancellationToken, ValueTask<CompactResult>> compaction)
    {
        _stop = new CancellationTokenSource();
        _running = scheduler.RunAsync(compaction, _stop.Token);
    }

    /// <summary>Takes what the compaction did, if it has ended.</summary>
    /// <param name="wait">True to wait for its end.</param>
    /// <param name="cancellationToken">Gives up waiting; the compaction goes on.</param>
    /// <returns>What it did; null when there is none, it has not ended, or it failed.</returns>
    public async ValueTask<CompactResult?> TakeAsync(bool wait, CancellationToken cancellationToken)
    {
        if (_running is null || !(wait || _running.IsCompleted))
        {
            return null;
        }

        await ((Task)_running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await EndAsync().ConfigureAwait(false);
    }

    /// <summary>Tells of a compaction that failed; the next call does not tell of it again.</summary>
    /// <exception cref="Exception">What the compaction failed with.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            _isPaused = true;
            failure.Throw();
        }
    }

    /// <summary>Stops the compaction and waits for its end.</summary>
    /// <returns>What it did, when it had ended well before.</returns>
    public async ValueTask<CompactResult?> CancelAsync()
    {
        if (_running is null)
        {
            return null;
        }

        await _stop!.CancelAsync().ConfigureAwait(false);
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var result = await EndAsync().ConfigureAwait(false);
        _failure = null;
        return result;
    }

    private async ValueTask<CompactResult?> EndAsync()
    {
        var ended = _running!;
        _running = null;
        _stop!.Dispose();
        _stop = null;
        if (ended.IsCompletedSuccessfully)
        {
            _failure = null;
            return await ended.ConfigureAwait(false);
        }

        _failure = ended.Exception is { } error ? ExceptionDispatchInfo.Capture(error.InnerExceptions[0]) : null;
        return null;
    }
}
