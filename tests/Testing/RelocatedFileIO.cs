using PaimonSharp.Storage.Io;

namespace PaimonSharp.Testing;

/// <summary>Files of one directory that are found in another one: for tables that name files by whole paths. Read only.</summary>
/// <param name="files">Where the files are.</param>
/// <param name="from">The directory that is named.</param>
/// <param name="to">The directory that stands in for it.</param>
public sealed class RelocatedFileIO(IFileIO files, string from, string to) : IFileIO
{
    /// <inheritdoc/>
    public ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        files.OpenAsync(Map(path), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default) =>
        files.ExistsAsync(Map(path), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default) =>
        files.ListAsync(Map(directory), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) => throw ReadOnly(path);

    /// <inheritdoc/>
    public ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => throw ReadOnly(path);

    /// <inheritdoc/>
    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        throw ReadOnly(path);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default) => throw ReadOnly(path);

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        throw ReadOnly(directory);

    /// <inheritdoc/>
    public ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default) =>
        throw ReadOnly(directory);

    private string Map(string path) => path.StartsWith(from + "/", StringComparison.Ordinal) ? to + path[from.Length..] : path;

    private static InvalidOperationException ReadOnly(string path) => new($"{path}: these files are only read.");
}
