namespace PaimonSharp.Storage.Compaction;

/// <summary>
/// Runs the compactions of a writer in the background, of all its buckets no more at a time than have memory and threads
/// (option <c>memory-budget</c>); the others wait for their turn. Safe for several threads.
/// </summary>
/// <param name="parallelism">How many run at a time.</param>
internal sealed class CompactionScheduler(int parallelism) : IDisposable
{
    private readonly SemaphoreSlim _places = new(parallelism);
    private long _compactions;

    /// <summary>The compactions that have ended well and changed something.</summary>
    public long Compactions => Interlocked.Read(ref _compactions);

    /// <summary>Begins a compaction, at once or when there is room.</summary>
    /// <param name="compaction">The work; it removes its files when it fails.</param>
    /// <param name="cancellationToken">Gives up, also while it waits.</param>
    public Task<CompactResult> RunAsync(
        Func<CancellationToken, ValueTask<CompactResult>> compaction, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    var result = await compaction(cancellationToken).ConfigureAwait(false);
                    Interlocked.Add(ref _compactions, result.Before.Count > 0 ? 1 : 0);
                    return result;
                }
                finally
                {
                    _places.Release();
                }
            },
            CancellationToken.None);

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
