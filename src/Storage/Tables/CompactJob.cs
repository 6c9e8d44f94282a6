using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// Compacts a table beside its writers, or for writers with option <c>write-only</c>, which do not compact themselves
/// (docs/format.md#compact-job). Writers never wait for it and never fail by it: where both changed the same files, the compaction
/// is given up, the bucket is read again and planned anew. One pass at a time; several jobs may run beside one another.
/// </summary>
public sealed class CompactJob
{
    private readonly Table _table;
    private readonly CompactJobOptions _options;
    private readonly string _commitUser;
    private long _seen;

    internal CompactJob(Table table, CompactJobOptions options)
    {
        _table = table;
        _options = options;
        _commitUser = options.CommitUser ?? table.Environment.Ids.NextUuid();
    }

    /// <summary>Looks once at every bucket, and compacts those that there is reason to.</summary>
    /// <param name="cancellationToken">Stops; what was committed stays, and no file is left behind.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="PaimonException">
    /// Invalid: no such partition column. Unsupported: the table has a feature that is not written.
    /// </exception>
    public async ValueTask<CompactProgress> RunAsync(CancellationToken cancellationToken = default)
    {
        var table = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var pass = new CompactPass(table, _commitUser, _options);
        return await pass.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compacts whatever is committed, one pass after the other, until it is stopped.</summary>
    /// <param name="interval">How long to wait before the table is asked again whether there is something new.</param>
    /// <param name="cancellationToken">Stops; what was committed stays, and no file is left behind.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task WatchAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        while (true)
        {
            await RunIfChangedAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(interval, _table.Environment.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="RunAsync"/>, if anything was committed since this job looked last.</summary>
    /// <param name="cancellationToken">Stops; what was committed stays, and no file is left behind.</param>
    /// <returns>What was done; null when there was nothing new.</returns>
    public async ValueTask<CompactProgress?> RunIfChangedAsync(CancellationToken cancellationToken = default)
    {
        var latest = (await _table.Store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false))?.Id ?? 0;
        if (latest == _seen)
        {
            return null;
        }

        // What the pass itself commits needs no other look; what others commit meanwhile does.
        var done = await RunAsync(cancellationToken).ConfigureAwait(false);
        _seen = latest + done.Snapshots;
        return done;
    }

    private async ValueTask<Table> OpenAsync(CancellationToken cancellationToken)
    {
        var newest = await _table.WithNewestSchemaAsync(cancellationToken).ConfigureAwait(false);

        // Gentle lookups wait for commits to come, of which a job makes none by itself: rows at level 0 could stay hidden for ever.
        return newest.WithOptions(
            new Dictionary<string, string> { ["write-only"] = "false", ["lookup-compact"] = "radical" });
    }
}
