using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Lookup;

/// <summary>Files in memory of which, when told so, every read has a wrong byte.</summary>
internal sealed class DamagingFileIO : IFileIO
{
    private readonly MemoryFileIO _files = new();

    public bool Damages { get; set; }

    /// <summary>How many files are not made, as their folder is removed at that moment.</summary>
    public int LostFolders { get; set; }

    public async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        new Input(this, await _files.OpenAsync(path, cancellationToken));

    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        LostFolders-- > 0 ? throw new FileMissingException(path) : _files.CreateAsync(path, cancellationToken);

    public ValueTask<bool> TryPublishAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        _files.TryPublishAsync(path, content, cancellationToken);

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        _files.ReplaceAsync(path, content, cancellationToken);

    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        _files.ExistsAsync(path, cancellationToken);

    public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default) =>
        _files.ListAsync(directory, cancellationToken);

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        _files.DeleteAsync(path, cancellationToken);

    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        _files.CreateDirectoryAsync(directory, cancellationToken);

    public ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        _files.DeleteDirectoryAsync(directory, cancellationToken);

    private sealed class Input(DamagingFileIO owner, IInputFile file) : IInputFile
    {
        public string Path => file.Path;

        public long SizeBytes => file.SizeBytes;

        public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await file.ReadAsync(offset, buffer, cancellationToken);
            if (owner.Damages)
            {
                buffer.Span[buffer.Length / 2] ^= 1;
            }
        }

        public ValueTask DisposeAsync() => file.DisposeAsync();
    }
}
