using PaimonSharp.Storage.Io;

namespace PaimonSharp.Bench.Compaction;

/// <summary>The local disk, counting the bytes of data files that are finished. Safe for several threads.</summary>
/// <param name="files">Where the files go.</param>
internal sealed class CountingFileIO(IFileIO files) : IFileIO
{
    private long _dataBytes;

    /// <summary>Bytes of all data files until now.</summary>
    public long DataBytes => Interlocked.Read(ref _dataBytes);

    public ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        files.OpenAsync(path, cancellationToken);

    public async ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        var file = await files.CreateAsync(path, cancellationToken);
        return path.Contains("/data-", StringComparison.Ordinal) ? new CountedFile(file, this) : file;
    }

    public ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        files.TryPublishAsync(path, content, cancellationToken);

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        files.ReplaceAsync(path, content, cancellationToken);

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        files.ExistsAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default) =>
        files.ListAsync(directory, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        files.DeleteAsync(path, cancellationToken);

    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.CreateDirectoryAsync(directory, cancellationToken);

    public ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.FlushDirectoryAsync(directory, cancellationToken);

    public ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.DeleteDirectoryAsync(directory, cancellationToken);

    public ValueTask<bool> TryDeleteEmptyDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.TryDeleteEmptyDirectoryAsync(directory, cancellationToken);

    public ValueTask<IDisposable?> TryLockAsync(string path, CancellationToken cancellationToken = default) =>
        files.TryLockAsync(path, cancellationToken);

    private sealed class CountedFile(IOutputFile file, CountingFileIO counter) : IOutputFile
    {
        public string Path => file.Path;

        public long Position => file.Position;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            file.WriteAsync(buffer, cancellationToken);

        public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
        {
            await file.CompleteAsync(cancellationToken);
            Interlocked.Add(ref counter._dataBytes, file.Position);
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
