using System.Text.Json;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Json;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// The progress of named readers of a table's changes, <c>consumer/consumer-&lt;id&gt;</c>: each holds the snapshot it reads
/// next and so keeps that one and later ones from expiry (docs/format.md#consumer). Safe for several threads.
/// </summary>
internal sealed class ConsumerManager
{
    private const string NextSnapshotMember = "nextSnapshot";
    private readonly IFileIO _fileIO;
    private readonly TablePaths _paths;

    /// <summary>Looks at a table.</summary>
    public ConsumerManager(IFileIO fileIO, TablePaths paths)
    {
        _fileIO = fileIO;
        _paths = paths;
    }

    /// <summary>The snapshot that a consumer reads next, null when there is no such consumer.</summary>
    public async ValueTask<long?> NextSnapshotAsync(string consumerId, CancellationToken cancellationToken = default)
    {
        var path = _paths.Consumer(Check(consumerId));
        var bytes = await SmallFiles.TryReadAsync(_fileIO, path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : Read(bytes, path);
    }

    /// <summary>Records the snapshot that a consumer reads next.</summary>
    public async ValueTask RecordAsync(string consumerId, long nextSnapshot, CancellationToken cancellationToken = default)
    {
        var writer = new PrettyJsonWriter();
        writer.StartObject();
        writer.Member(NextSnapshotMember, nextSnapshot);
        writer.EndObject();
        await _fileIO.ReplaceAsync(_paths.Consumer(Check(consumerId)), writer.ToUtf8(), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Forgets a consumer.</summary>
    public ValueTask DeleteAsync(string consumerId, CancellationToken cancellationToken = default) =>
        _fileIO.DeleteAsync(_paths.Consumer(Check(consumerId)), cancellationToken);

    /// <summary>All consumers with the snapshots that they read next, ordered by id.</summary>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, long>>> ListAsync(
        CancellationToken cancellationToken = default)
    {
        var consumers = new List<KeyValuePair<string, long>>();
        foreach (var file in await _fileIO.ListAsync(_paths.ConsumerDirectory, cancellationToken).ConfigureAwait(false))
        {
            if (!file.IsDirectory && file.Name.StartsWith(TablePaths.ConsumerPrefix, StringComparison.Ordinal))
            {
                var id = file.Name[TablePaths.ConsumerPrefix.Length..];
                var next = await NextSnapshotAsync(id, cancellationToken).ConfigureAwait(false);
                if (next is not null)
                {
                    consumers.Add(new(id, next.Value));
                }
            }
        }

        consumers.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return consumers;
    }

    /// <summary>The smallest snapshot that a consumer still needs, null when there is no consumer.</summary>
    public async ValueTask<long?> MinNextSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var consumers = await ListAsync(cancellationToken).ConfigureAwait(false);
        return consumers.Count == 0 ? null : consumers.Min(consumer => consumer.Value);
    }

    /// <summary>Forgets the consumers that recorded nothing since a time.</summary>
    public async ValueTask ExpireAsync(DateTimeOffset olderThan, CancellationToken cancellationToken = default)
    {
        foreach (var file in await _fileIO.ListAsync(_paths.ConsumerDirectory, cancellationToken).ConfigureAwait(false))
        {
            if (!file.IsDirectory
                && file.Name.StartsWith(TablePaths.ConsumerPrefix, StringComparison.Ordinal)
                && file.ModifiedAt < olderThan)
            {
                await _fileIO.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static long Read(byte[] bytes, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(NextSnapshotMember, out var next)
                && next.TryGetInt64(out var id))
            {
                return id;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new CorruptDataException($"The consumer is not valid JSON: {error.Message}", path, innerException: error);
        }

        throw new CorruptDataException($"The consumer has no number '{NextSnapshotMember}'.", path);
    }

    private static string Check(string consumerId)
    {
        if (string.IsNullOrWhiteSpace(consumerId) || consumerId.Contains('/', StringComparison.Ordinal))
        {
            PaimonException.ThrowInvalid($"A consumer id is a name without '/'; found '{consumerId}'.");
        }

        return consumerId;
    }
}
