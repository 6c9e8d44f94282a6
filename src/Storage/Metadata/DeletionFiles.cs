namespace PaimonSharp.Storage.Metadata;

/// <summary>The deletion vectors of a snapshot by the data files that they belong to. Immutable; safe for several threads.</summary>
internal sealed class DeletionFiles
{
    private static readonly Dictionary<string, DeletionFile> NoFiles = [];

    private readonly Dictionary<(BinaryRowBytes Partition, int Bucket), Dictionary<string, DeletionFile>> _buckets = [];

    /// <summary>Finds the vectors among a snapshot's index files.</summary>
    /// <param name="entries">The index files; those of other types are passed over.</param>
    /// <param name="paths">Where index files are.</param>
    public DeletionFiles(IEnumerable<IndexManifestEntry> entries, IndexFilePaths paths)
    {
        foreach (var entry in entries)
        {
            if (entry.IndexType != IndexManifestEntry.DeletionVectorsIndex || entry.DeletionVectors is null)
            {
                continue;
            }

            var bucket = (entry.Partition, entry.Bucket);
            if (!_buckets.TryGetValue(bucket, out var files))
            {
                files = new Dictionary<string, DeletionFile>(StringComparer.Ordinal);
                _buckets.Add(bucket, files);
            }

            var path = paths.File(entry);
            foreach (var range in entry.DeletionVectors)
            {
                files[range.DataFileName] = new DeletionFile(path, range.Offset, range.Length, range.Cardinality);
            }
        }
    }

    /// <summary>The vectors of a bucket by the names of its data files; a file that is not named has all its rows.</summary>
    public IReadOnlyDictionary<string, DeletionFile> OfBucket(BinaryRowBytes partition, int bucket) =>
        _buckets.GetValueOrDefault((partition, bucket)) ?? NoFiles;
}
