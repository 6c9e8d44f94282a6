using Microsoft.Extensions.Logging;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What follows a commit, unless the table is <c>write-only</c>: tags that are due are made, tags, partitions, consumers and snapshots
/// that need not be kept any longer are removed, in this order (docs/format.md#maintenance). The commit has happened: what fails here is
/// logged and done by a later one; an error that nobody foresaw is logged as one and does not look like a failed commit either.
/// One run at a time.
/// </summary>
/// <param name="store">The table or branch.</param>
/// <param name="commitUser">Who commits.</param>
internal sealed class CommitMaintenance(FileStore store, string commitUser) : IAsyncDisposable
{
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<CommitMaintenance>();
    private readonly TagAutoCreation? _tags = TagAutoCreation.Create(store);
    private readonly PartitionExpirySchedule? _partitions = PartitionExpirySchedule.Create(store, commitUser);
    private Task _running = Task.CompletedTask;
    private IReadOnlyList<BinaryRowBytes> _expired = [];

    /// <summary>Does what is due; with <c>snapshot.expire.execution-mode</c> async it goes on after the return.</summary>
    /// <param name="committed">What was committed; null where that made no snapshot.</param>
    /// <param name="cancellationToken">Gives up; the next run goes on.</param>
    /// <returns>The partitions that are gone; with async those that the run before removed.</returns>
    public async ValueTask<IReadOnlyList<BinaryRowBytes>> RunAsync(Committable? committed, CancellationToken cancellationToken)
    {
        if (new TableOptions(store.Schema.Options).GetBoolean("write-only", false))
        {
            return [];
        }

        await _running.ConfigureAwait(false);
        if (!store.Options.IsExpiryAsync)
        {
            await DoOrLogAsync(committed, cancellationToken).ConfigureAwait(false);
            return _expired;
        }

        var expired = _expired;
        _running = Task.Run(() => DoOrLogAsync(committed, CancellationToken.None), CancellationToken.None);
        return expired;
    }

    /// <summary>Waits for what is still running.</summary>
    public async ValueTask DisposeAsync() => await _running.ConfigureAwait(false);

    /// <summary>The border of maintenance: what happens behind it is not the outcome of a commit.</summary>
    private async Task DoOrLogAsync(Committable? committed, CancellationToken cancellationToken)
    {
        _expired = [];
        var work = DoAsync(committed, cancellationToken);
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.Exception is { InnerException: { } error })
        {
            Log.MaintenanceBroke(_logger, error, store.Paths.Root);
        }
    }

    private async Task DoAsync(Committable? committed, CancellationToken cancellationToken)
    {
        try
        {
            if (_tags is not null)
            {
                await _tags.RunAsync(cancellationToken).ConfigureAwait(false);
            }

            if (store.Options.ExpiresTags)
            {
                await ExpireTagsAsync(cancellationToken).ConfigureAwait(false);
            }

            if (committed is not null && _partitions is not null)
            {
                _expired = await _partitions.RunAsync(committed, cancellationToken).ConfigureAwait(false);
            }

            if (store.Options.ConsumerTimeRetained is { } retained)
            {
                await store.Consumers.ExpireAsync(store.Environment.TimeProvider.GetUtcNow() - retained, cancellationToken)
                    .ConfigureAwait(false);
            }

            var retention = store.Options.Retention;
            await new SnapshotExpiration(store).ExpireAsync(retention, cancellationToken).ConfigureAwait(false);
            if (retention.AreChangelogsKeptLonger)
            {
                await new ChangelogExpiration(store).ExpireAsync(retention, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The commit has happened, and its caller is to learn that; the next one goes on here.
        }
        catch (Exception error) when (error is PaimonException or OperationCanceledException)
        {
            Log.MaintenanceFailed(_logger, error, store.Paths.Root);
        }
    }

    private async ValueTask ExpireTagsAsync(CancellationToken cancellationToken)
    {
        var now = store.Environment.TimeProvider.GetLocalNow().DateTime;
        foreach (var tag in await store.Tags.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (tag is { CreatedAt: { } created, TimeRetained: { } retained } && now - created > retained)
            {
                await new TagDeletion(store).DeleteAsync(tag.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
