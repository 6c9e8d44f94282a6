using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>The consumers of a table or branch. Safe for several threads.</summary>
public sealed class TableConsumers
{
    private readonly ConsumerManager _consumers;

    internal TableConsumers(FileStore store) => _consumers = store.Consumers;

    /// <summary>All consumers, ordered by name.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<IReadOnlyList<TableConsumer>> ListAsync(CancellationToken cancellationToken = default)
    {
        var consumers = await _consumers.ListAsync(cancellationToken).ConfigureAwait(false);
        return [.. consumers.Select(consumer => new TableConsumer(consumer.Key, consumer.Value))];
    }

    /// <summary>Sets the snapshot that a consumer reads next, and makes the consumer where it is not there.</summary>
    /// <param name="id">The consumer's name.</param>
    /// <param name="nextSnapshotId">The snapshot.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask SetAsync(string id, long nextSnapshotId, CancellationToken cancellationToken = default) =>
        _consumers.RecordAsync(id, nextSnapshotId, cancellationToken);

    /// <summary>Forgets a consumer; nothing happens when it is not there.</summary>
    /// <param name="id">The consumer's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _consumers.DeleteAsync(id, cancellationToken);
}
