using PaimonSharp.Data;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Metadata;

/// <summary>Where the data files of a table are (docs/format.md#data-file-names). Safe for several threads.</summary>
/// <param name="root">The table's directory.</param>
/// <param name="partitions">The directories of the partitions.</param>
/// <param name="dataDirectory">Option <c>data-file.path-directory</c>, if set.</param>
internal sealed class DataFilePaths(string root, PartitionPaths partitions, string? dataDirectory = null)
{
    /// <summary>The bucket of rows that are not yet assigned to one.</summary>
    public const int PostponeBucket = -2;

    /// <summary>The directory that holds those of the partitions and buckets.</summary>
    public string Root { get; } = dataDirectory is null ? root : $"{root}/{dataDirectory.Trim('/')}";

    /// <summary>The directories of the partitions.</summary>
    public PartitionPaths Partitions { get; } = partitions;

    /// <summary>A bucket's directory, without a '/' at its end.</summary>
    public string BucketDirectory(BinaryRowBytes partition, int bucket) =>
        $"{Root}/{Partitions.Path(partition)}bucket-{(bucket == PostponeBucket ? "postpone" : bucket)}";

    /// <summary>A data or changelog file.</summary>
    public string File(BinaryRowBytes partition, int bucket, DataFileMeta file) =>
        file.ExternalPath is null
            ? $"{BucketDirectory(partition, bucket)}/{file.FileName}"
            : FilePath.OfLocation(file.ExternalPath);

    /// <summary>A file and those beside it that belong to it.</summary>
    public IEnumerable<string> AllFiles(BinaryRowBytes partition, int bucket, DataFileMeta file)
    {
        var path = File(partition, bucket, file);
        yield return path;
        foreach (var extra in file.ExtraFiles)
        {
            yield return $"{path[..(path.LastIndexOf('/') + 1)]}{extra}";
        }
    }
}

/// <summary>The names of the data files that one writer makes, in all its buckets. Safe for several threads.</summary>
/// <param name="ids">Where the random part comes from.</param>
/// <param name="prefix">Option <c>data-file.prefix</c> or <c>changelog-file.prefix</c>.</param>
internal sealed class DataFileNames(IdSource ids, string prefix)
{
    private readonly string _uuid = ids.NextUuid();
    private int _next = -1;

    /// <summary>The next name.</summary>
    /// <param name="extension">The format, which readers find by it.</param>
    public string Next(string extension) => $"{prefix}{_uuid}-{Interlocked.Increment(ref _next)}.{extension}";
}
