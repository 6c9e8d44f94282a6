using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// Where a table's index files are: in one directory, or with the data files of their bucket under
/// <c>index-file-in-data-file-dir</c> (docs/format.md#index-files). Immutable.
/// </summary>
/// <param name="table">The table's metadata.</param>
/// <param name="data">Where the data files are.</param>
/// <param name="inDataDirectory">Option <c>index-file-in-data-file-dir</c>.</param>
internal sealed class IndexFilePaths(TablePaths table, DataFilePaths data, bool inDataDirectory)
{
    /// <summary>An index file.</summary>
    public string File(IndexManifestEntry entry) =>
        entry.ExternalPath is null
            ? File(entry.Partition, entry.Bucket, entry.FileName)
            : FilePath.OfLocation(entry.ExternalPath);

    /// <summary>An index file that is not outside the table.</summary>
    public string File(BinaryRowBytes partition, int bucket, string name) =>
        inDataDirectory ? $"{data.BucketDirectory(partition, bucket)}/{name}" : table.Index(name);
}
