using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>
/// Files in memory, for tables that need not outlive the process and for tests. They keep every promise of
/// <see cref="IFileIO"/> but surviving. Safe for several threads.
/// </summary>
public sealed class MemoryFileIO : IFileIO
{
    private readonly TimeProvider _time;

    /// <summary>Guards the three collections.</summary>
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ReadOnlyMemory<byte> Content, DateTimeOffset ModifiedAt)> _files = [];
    private readonly HashSet<string> _unfinished = [];
    private readonly Dictionary<string, SortedSet<string>> _directories = [];

    /// <summary>Makes an empty file system.</summary>
    /// <param name="time">What modification times come from.</param>
    public MemoryFileIO(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return _files.TryGetValue(path, out var file)
                ? ValueTask.FromResult<IInputFile>(new MemoryInputFile(path, file.Content))
                : throw new FileMissingException(path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_files.ContainsKey(path) || _directories.ContainsKey(path) || !_unfinished.Add(path))
            {
                throw new PaimonException(ErrorKind.Unavailable, $"{path}: cannot create: the file exists.");
            }

            AddDirectories(FilePath.Parent(path));
            return ValueTask.FromResult<IOutputFile>(new MemoryOutputFile(path, Finish));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_files.ContainsKey(path) || _directories.ContainsKey(path) || _unfinished.Contains(path))
            {
                return ValueTask.FromResult(false);
            }

            Put(path, content.ToArray());
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Put(path, content.ToArray());
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(_files.ContainsKey(path) || _directories.ContainsKey(FilePath.TrimEnd(path)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FileStatus>> ListAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new List<FileStatus>();
        lock (_lock)
        {
            if (_directories.TryGetValue(FilePath.TrimEnd(directory), out var names))
            {
                foreach (var name in names)
                {
                    var path = FilePath.Join(directory, name);
                    result.Add(_files.TryGetValue(path, out var file)
                        ? new FileStatus(path, file.Content.Length, false, file.ModifiedAt)
                        : new FileStatus(path, 0, true, _time.GetUtcNow()));
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<FileStatus>>(result);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_files.Remove(path))
            {
                Unlink(path);
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            AddDirectories(FilePath.TrimEnd(directory));
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask DeleteDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var trimmed = FilePath.TrimEnd(directory);
        lock (_lock)
        {
            if (_directories.ContainsKey(trimmed))
            {
                RemoveTree(trimmed);
                Unlink(trimmed);
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteEmptyDirectoryAsync(string directory, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var trimmed = FilePath.TrimEnd(directory);
        lock (_lock)
        {
            var isEmpty = _directories.TryGetValue(trimmed, out var names) && names.Count == 0;
            if (isEmpty)
            {
                _directories.Remove(trimmed);
                Unlink(trimmed);
            }

            return ValueTask.FromResult(isEmpty);
        }
    }

    private void Finish(string path, ReadOnlyMemory<byte>? content)
    {
        lock (_lock)
        {
            if (_unfinished.Remove(path) && content is { } bytes)
            {
                Put(path, bytes);
            }
        }
    }

    private void Put(string path, ReadOnlyMemory<byte> content)
    {
        var parent = FilePath.Parent(path);
        AddDirectories(parent);
        _files[path] = (content, _time.GetUtcNow());
        if (parent is not null)
        {
            _directories[parent].Add(FilePath.Name(path));
        }
    }

    private void AddDirectories(string? directory)
    {
        if (directory is null || !_directories.TryAdd(directory, new SortedSet<string>(StringComparer.Ordinal)))
        {
            return;
        }

        if (FilePath.Parent(directory) is { } parent)
        {
            AddDirectories(parent);
            _directories[parent].Add(FilePath.Name(directory));
        }
    }

    private void RemoveTree(string directory)
    {
        foreach (var name in _directories[directory])
        {
            var path = FilePath.Join(directory, name);
            if (!_files.Remove(path))
            {
                RemoveTree(path);
            }
        }

        _directories.Remove(directory);
    }

    private void Unlink(string path)
    {
        if (FilePath.Parent(path) is { } parent && _directories.TryGetValue(parent, out var names))
        {
            names.Remove(FilePath.Name(path));
        }
    }
}
