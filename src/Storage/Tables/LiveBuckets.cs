using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>The live files of a table by bucket, as a writer finds them when it begins to write one. Immutable.</summary>
internal sealed class LiveBuckets
{
    private readonly ILookup<BucketId, DataFileMeta> _files;
    private readonly ILookup<BucketId, IndexManifestEntry> _indexFiles;
    private readonly Dictionary<BinaryRowBytes, int> _totals = [];

    private LiveBuckets(
        long snapshotId, IReadOnlyList<ManifestEntry> entries, IReadOnlyList<IndexManifestEntry> indexEntries)
    {
        SnapshotId = snapshotId;
        _indexFiles = indexEntries.ToLookup(entry => new BucketId(entry.Partition, entry.Bucket));
        _files = entries.ToLookup(entry => new BucketId(entry.Partition, entry.Bucket), entry => entry.File);
        foreach (var entry in entries)
        {
            _totals[entry.Partition] = entry.TotalBuckets;
        }
    }

    /// <summary>A table without files.</summary>
    public static LiveBuckets None { get; } = new(0, [], []);

    /// <summary>The snapshot whose files these are; 0 for none.</summary>
    public long SnapshotId { get; }

    /// <summary>True when there is no file.</summary>
    public bool IsEmpty => _files.Count == 0;

    /// <summary>The buckets that have files.</summary>
    public IEnumerable<BucketId> Buckets => _files.Select(bucket => bucket.Key);

    /// <summary>Reads those of the newest snapshot; where that expires meanwhile, those of the newest one then.</summary>
    public static async ValueTask<LiveBuckets> ReadAsync(FileStore store, CancellationToken cancellationToken)
    {
        while (true)
        {
            var snapshot = await store.Snapshots.LatestAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is null)
            {
                return None;
            }

            try
            {
                return new LiveBuckets(
                    snapshot.Id,
                    await store.Scan.LiveAsync(snapshot, ScanFilter.All, cancellationToken).ConfigureAwait(false),
                    await store.IndexEntriesAsync(snapshot, cancellationToken).ConfigureAwait(false));
            }
            catch (FileMissingException)
            {
                // The newest snapshot never expires: there is a newer one, or the table is damaged.
                if (await store.Snapshots.LatestIdAsync(cancellationToken).ConfigureAwait(false) == snapshot.Id)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>The size of the data files of a bucket.</summary>
    /// <param name="id">The bucket.</param>
    public long SizeOf(BucketId id) => _files[id].Sum(static file => file.FileSizeBytes);

    /// <summary>The index files of a bucket.</summary>
    /// <param name="id">The bucket.</param>
    public IReadOnlyList<IndexManifestEntry> IndexFilesOf(BucketId id) => [.. _indexFiles[id]];

    /// <summary>The buckets that a partition has; null when it has no file.</summary>
    /// <param name="partition">The partition.</param>
    public int? TotalOf(BinaryRowBytes partition) => _totals.TryGetValue(partition, out var total) ? total : null;

    /// <summary>True when a file is there.</summary>
    /// <param name="id">Its bucket.</param>
    /// <param name="fileName">Its name, or that of a file that belongs to it.</param>
    public bool Contains(BucketId id, string fileName) =>
        _files[id].Any(file => file.FileName == fileName || file.ExtraFiles.Contains(fileName))
        || _indexFiles[id].Any(file => file.FileName == fileName);

    /// <summary>The files of a bucket.</summary>
    /// <param name="id">The bucket.</param>
    /// <param name="totalBuckets">The buckets that a partition has, as the writer knows it.</param>
    /// <exception cref="PaimonException">Invalid: the partition has another number of buckets.</exception>
    public IReadOnlyList<DataFileMeta> FilesOf(BucketId id, int totalBuckets)
    {
        if (totalBuckets > 0 && _totals.TryGetValue(id.Partition, out var total) && total > 0 && total != totalBuckets)
        {
            PaimonException.ThrowInvalid(
                $"The table has {totalBuckets} buckets now, the partition that is written has {total}: overwrite the partition"
                + " to give it the new number.");
        }

        return [.. _files[id]];
    }
}
