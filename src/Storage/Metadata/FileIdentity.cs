namespace PaimonSharp.Storage.Metadata;

/// <summary>
/// What tells files apart and makes a DELETE entry cancel its ADD entry: seven parts, of which the level makes a file that was
/// moved up a different one (docs/format.md#manifest-entry).
/// </summary>
internal readonly struct FileIdentity : IEquatable<FileIdentity>
{
    private readonly DataFileMeta _file;

    /// <summary>The identity of a file.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="file">The file.</param>
    public FileIdentity(BinaryRowBytes partition, int bucket, DataFileMeta file)
    {
        Partition = partition;
        Bucket = bucket;
        _file = file;
    }

    /// <summary>The partition.</summary>
    public BinaryRowBytes Partition { get; }

    /// <summary>The bucket.</summary>
    public int Bucket { get; }

    /// <summary>The level.</summary>
    public int Level => _file.Level;

    /// <summary>The file's name.</summary>
    public string FileName => _file.FileName;

    /// <inheritdoc/>
    public bool Equals(FileIdentity other) =>
        string.Equals(_file.FileName, other._file.FileName, StringComparison.Ordinal)
        && _file.Level == other._file.Level
        && Bucket == other.Bucket
        && Partition.Equals(other.Partition)
        && string.Equals(_file.ExternalPath, other._file.ExternalPath, StringComparison.Ordinal)
        && _file.ExtraFiles.SequenceEqual(other._file.ExtraFiles, StringComparer.Ordinal)
        && IndexEquals(_file.EmbeddedFileIndex, other._file.EmbeddedFileIndex);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FileIdentity other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_file.FileName, _file.Level, Bucket);

    /// <summary>The file for messages: name, bucket and level.</summary>
    public override string ToString() => $"{FileName} (bucket {Bucket}, level {Level})";

    private static bool IndexEquals(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left is null || right is null ? left is null == right is null : left.Value.Span.SequenceEqual(right.Value.Span);
}
