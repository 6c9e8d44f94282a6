using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>
/// Files in memory whose data files can be held back from readers, or fail for them: a writer that does not scan reads data files
/// in its compactions only.
/// </summary>
internal sealed class GatedFileIO : IFileIO
{
    private readonly MemoryFileIO _files = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opened;

    public GatedFileIO() => _gate.SetResult();

    /// <summary>What readers of data files are told; null for nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often a data file was opened.</summary>
    public int Opened => Volatile.Read(ref _opened);

    public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.SetResult();

    public async ValueTask<IInputFile> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        if (path.Contains("/bucket-", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _opened);
            await _gate.Task.WaitAsync(cancellationToken);
            if (Failure is not null)
            {
                throw Failure;
            }
        }

        return await _files.OpenAsync(path, cancellationToken);
    }

    public ValueTask<IOutputFile> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        _files.CreateAsync(path, cancellationToken);

    public ValueTask<bool> TryPublishAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
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
}
