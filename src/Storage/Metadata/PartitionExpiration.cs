using Microsoft.Extensions.Logging;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Removes partitions that are older than a time, as OVERWRITE snapshots without rows (docs/format.md#partition-expiry). For one thread.
/// </summary>
/// <param name="store">The table or branch.</param>
/// <param name="commitUser">Who commits.</param>
internal sealed class PartitionExpiration(FileStore store, string commitUser)
{
    private readonly ILogger _logger = store.Environment.LoggerFactory.CreateLogger<PartitionExpiration>();

    /// <summary>Removes what has expired.</summary>
    /// <param name="retention">What is retained.</param>
    /// <param name="committable">The number, properties of the snapshots made; it has no messages.</param>
    /// <param name="cancellationToken">Gives up waiting; the next run goes on.</param>
    /// <returns>The partitions removed, in the order of their values' texts.</returns>
    public async ValueTask<IReadOnlyList<BinaryRowBytes>> ExpireAsync(
        PartitionRetention retention, Committable committable, CancellationToken cancellationToken = default)
    {
        var limit = LimitOf(retention);
        var expired = await FindAsync(retention, limit, cancellationToken).ConfigureAwait(false);
        foreach (var batch in expired.Chunk(retention.BatchSize is > 0 and var size ? size : Math.Max(1, expired.Count)))
        {
            var partitions = batch.ToHashSet();

            // Others may write to one of them meanwhile: it is not old any more then.
            await store.NewCommit(commitUser).RemoveAsync(
                committable,
                partitions.Contains,
                files => !retention.ByUpdateTime || IsOlder(files.Select(file => file.CreationTimeMillis), limit),
                cancellationToken).ConfigureAwait(false);
            foreach (var partition in batch)
            {
                Log.PartitionExpired(_logger, store.Paths.Root, store.DataPaths.Partitions.Path(partition));
            }
        }

        return expired;
    }

    /// <summary>The partitions that have expired, as many as one run removes.</summary>
    /// <param name="retention">What is retained.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<BinaryRowBytes>> FindAsync(
        PartitionRetention retention, CancellationToken cancellationToken = default) =>
        FindAsync(retention, LimitOf(retention), cancellationToken);

    private async ValueTask<IReadOnlyList<BinaryRowBytes>> FindAsync(
        PartitionRetention retention, DateTime limit, CancellationToken cancellationToken)
    {
        var latest = await store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
        if (latest is null || store.Schema.PartitionKeys.Count == 0)
        {
            return [];
        }

        var live = await store.Scan.LiveAsync(latest, ScanFilter.All, cancellationToken).ConfigureAwait(false);
        var partitions = live.GroupBy(entry => entry.Partition, entry => entry.File.CreationTimeMillis);
        var expired = retention.ByUpdateTime
            ? partitions.Where(files => IsOlder(files, limit)).Select(files => files.Key)
            : NamedBefore(partitions.Select(partition => partition.Key), new PartitionTime(store.Schema.PartitionType, retention), limit);
        return
        [
            .. expired.Select(partition => (Partition: partition, Text: Text(partition)))
                .OrderBy(partition => partition.Text, StringComparer.Ordinal)
                .Take(retention.MaxPartitions)
                .Select(partition => partition.Partition),
        ];
    }

    // Clock readings without a zone, as the times in partitions and of files are.
    private DateTime LimitOf(PartitionRetention retention)
    {
        var now = store.Environment.TimeProvider.GetLocalNow().DateTime;
        return retention.TimeRetained < now - DateTime.MinValue ? now - retention.TimeRetained : DateTime.MinValue;
    }

    // Old releases wrote no time: partitions with nothing but such files stay.
    private static bool IsOlder(IEnumerable<long?> files, DateTime limit) =>
        (limit - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond > files.Max();

    private IEnumerable<BinaryRowBytes> NamedBefore(IEnumerable<BinaryRowBytes> partitions, PartitionTime times, DateTime limit)
    {
        foreach (var partition in partitions)
        {
            if (!times.TryGet(partition, out var time))
            {
                Log.PartitionWithoutTime(_logger, store.Paths.Root, store.DataPaths.Partitions.Path(partition));
            }
            else if (limit > time)
            {
                yield return partition;
            }
        }
    }

    private string Text(BinaryRowBytes partition) =>
        string.Join(',', store.DataPaths.Partitions.Spec(partition).Select(value => value.Value));
}
