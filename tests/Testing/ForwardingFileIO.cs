using PaimonSharp.Storage.Io;

namespace PaimonSharp.Testing;

/// <summary>Files of another storage as they are; a test overrides what is to go otherwise.</summary>
/// <param name="files">Where the files are.</param>
public abstract class ForwardingFileIO(IFileIO files) : IFileIO
{
    /// <inheritdoc/>
    public virtual ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        files.OpenAsync(path, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        files.CreateAsync(path, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        files.TryPublishAsync(path, content, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask ReplaceAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        files.ReplaceAsync(path, content, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        files.ExistsAsync(path, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<FileStatus>> ListAsync(
        string directory, CancellationToken cancellationToken = default) =>
        files.ListAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        files.DeleteAsync(path, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.CreateDirectoryAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask FlushDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.FlushDirectoryAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        files.DeleteDirectoryAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> TryDeleteEmptyDirectoryAsync(
        string directory, CancellationToken cancellationToken = default) =>
        files.TryDeleteEmptyDirectoryAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IDisposable?> TryLockAsync(string path, CancellationToken cancellationToken = default) =>
        files.TryLockAsync(path, cancellationToken);
}
