using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Testing;

/// <summary>A simulated file being written; each write and the completion are operations that can fail.</summary>
internal sealed class SimulatedOutputFile(SimulatedFileSystem files, string path, SimulatedFile file) : IOutputFile
{
    private bool _completed;
    private bool _disposed;

    public string Path => path;

    public long Position { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        await files.WriteAsync(path, file, buffer, cancellationToken);
        Position += buffer.Length;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        await files.CompleteAsync(path, file, cancellationToken);
        _completed = true;
    }

    public ValueTask DisposeAsync()
    {
        if (!_completed && !_disposed)
        {
            files.Abandon(path, file);
        }

        _disposed = true;
        return default;
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_completed)
        {
            throw new PaimonException(ErrorKind.Closed, $"{path}: the file is complete.");
        }
    }
}
