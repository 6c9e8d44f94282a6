using PaimonSharp.Data.Options;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// When a writer looks for partitions that have expired: not more often than option <c>partition.expiration-check-interval</c>. The
/// first time comes at random within an interval, so that jobs shorter than it look sometimes. One thread.
/// </summary>
internal sealed class PartitionExpirySchedule
{
    private readonly TimeProvider _time;
    private readonly PartitionExpiration _expiration;
    private readonly PartitionRetention _retention;
    private readonly TimeSpan _interval;
    private readonly bool _checksAtEnd;
    private DateTimeOffset _lastCheck;

    private PartitionExpirySchedule(FileStore store, string commitUser, TableOptions options, PartitionRetention retention)
    {
        _time = store.Environment.TimeProvider;
        _expiration = new PartitionExpiration(store, commitUser);
        _retention = retention;
        _interval = options.GetDuration("partition.expiration-check-interval", TimeSpan.FromHours(1));
        _checksAtEnd = options.GetBoolean("end-input.check-partition-expire", false);
        var seconds = (long)_interval.TotalSeconds;
        var random = seconds == 0 ? 0 : (uint)Guid.Parse(store.Environment.Ids.NextUuid()).GetHashCode() % seconds;
        _lastCheck = _time.GetUtcNow() - TimeSpan.FromSeconds(random);
    }

    /// <summary>Makes a schedule; null for a table whose partitions do not expire.</summary>
    /// <param name="store">The table or branch.</param>
    /// <param name="commitUser">Who commits.</param>
    /// <exception cref="Data.Errors.PaimonException">As of <see cref="PartitionRetention.From"/>.</exception>
    public static PartitionExpirySchedule? Create(FileStore store, string commitUser)
    {
        var options = new TableOptions(store.Schema.Options);
        return store.Schema.PartitionKeys.Count > 0 && PartitionRetention.From(options) is { } retention
            ? new PartitionExpirySchedule(store, commitUser, options, retention)
            : null;
    }

    /// <summary>Removes partitions that have expired, if it is time to look for them.</summary>
    /// <param name="committed">
    /// The commit before: the snapshot has its number and its properties, so that the job's newest snapshot still tells how far it is.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The partitions removed.</returns>
    public async ValueTask<IReadOnlyList<BinaryRowBytes>> RunAsync(Committable committed, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var isEnd = _checksAtEnd && committed.Identifier == long.MaxValue;
        if (_interval > TimeSpan.Zero && now - _lastCheck <= _interval && !isEnd)
        {
            return [];
        }

        var expired = await _expiration.ExpireAsync(_retention, committed with { Messages = [] }, cancellationToken)
            .ConfigureAwait(false);
        _lastCheck = now;
        return expired;
    }
}
