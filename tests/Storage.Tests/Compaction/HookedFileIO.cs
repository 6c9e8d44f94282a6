using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Files in memory that let something happen right before a file is opened, or right after one was published.</summary>
internal sealed class HookedFileIO : IFileIO
{
    private readonly MemoryFileIO _files = new();

    /// <summary>Told of each file that is about to be opened.</summary>
    public Func<string, Task>? Opening { get; set; }

    /// <summary>Told of each file that was published; what it throws is what the publisher sees.</summary>
    public Func<string, Task>? Published { get; set; }

    public async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        await (Opening?.Invoke(path) ?? Task.CompletedTask);
        return await _files.OpenAsync(path, cancellationToken);
    }

    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        _files.CreateAsync(path, cancellationToken);

    public async ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var isPublished = await _files.TryPublishAsync(path, content, cancellationToken);
        await (Published?.Invoke(path) ?? Task.CompletedTask);
        return isPublished;
    }

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
}
