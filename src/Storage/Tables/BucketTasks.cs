using PaimonSharp.Storage.Compaction;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Lets all buckets of a writer work beside one another. What fails while rows are moved to files is remembered as a fault of the
/// writer; a compaction that fails is none, as it leaves everything as it was. For one thread at a time.
/// </summary>
/// <param name="buckets">The buckets.</param>
/// <param name="faults">Remembers what fails.</param>
internal sealed class BucketTasks(BucketSet buckets, WriterFaults faults)
{
    /// <summary>How many buckets work at a time.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Moves all rows to finished files.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        faults.GuardAsync(EachAsync((bucket, token) => bucket.FlushAsync(token), cancellationToken));

    /// <summary>Reads the buckets again whose files others have replaced, if there are such.</summary>
    /// <param name="writers">Makes their writers.</param>
    /// <param name="isAllCommitted">False while something is prepared and not committed: nothing is done then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RenewStaleAsync(BucketWriters writers, bool isAllCommitted, CancellationToken cancellationToken)
    {
        if (isAllCommitted && buckets.HasStale)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            await faults.GuardAsync(buckets.RenewStaleAsync(writers, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Moves all rows to finished files and has compacted what they give reason to.</summary>
    /// <param name="wait">True to wait for the compactions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">A compaction failed; the writer can go on.</exception>
    public async ValueTask PrepareAsync(bool wait, CancellationToken cancellationToken)
    {
        await faults.GuardAsync(EachAsync(
            async (bucket, token) =>
            {
                await bucket.FlushAsync(token).ConfigureAwait(false);
                await bucket.StartCompactionAsync(isFull: false, wait, token).ConfigureAwait(false);
            },
            cancellationToken)).ConfigureAwait(false);
        await EachAsync(
            async (bucket, token) => await buckets.EndCompactionAsync(bucket, wait, token).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compacts buckets and waits for the end of it; all rows must have been flushed.</summary>
    /// <param name="isChosen">The buckets.</param>
    /// <param name="isFull">True to merge everything, also for less reason.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when a compaction was given up, as another writer had replaced its files.</returns>
    /// <exception cref="Exception">A compaction failed; the writer can go on.</exception>
    public async ValueTask<bool> CompactAsync(
        Predicate<IBucketWriter> isChosen, bool isFull, CancellationToken cancellationToken)
    {
        var given = 0;
        await EachAsync(
            async (bucket, token) =>
            {
                if (!isChosen(bucket))
                {
                    return;
                }

                await bucket.StartCompactionAsync(isFull, wait: true, token).ConfigureAwait(false);
                if (!await buckets.EndCompactionAsync(bucket, wait: true, token).ConfigureAwait(false))
                {
                    Interlocked.Increment(ref given);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return given == 0;
    }

    private ValueTask EachAsync(Func<IBucketWriter, CancellationToken, ValueTask> action, CancellationToken cancellationToken) =>
        new(Parallel.ForEachAsync(
            buckets.Writers,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            action));
}
