using System.Buffers;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>A new file in memory, which appears when it is complete.</summary>
/// <param name="path">The file.</param>
/// <param name="finish">Takes the bytes when the file is complete, or null when it is given up.</param>
internal sealed class MemoryOutputFile(string path, Action<string, ReadOnlyMemory<byte>?> finish) : IOutputFile
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private bool _finished;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long Position => _content.WrittenCount;

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        cancellationToken.ThrowIfCancellationRequested();
        _content.Write(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        cancellationToken.ThrowIfCancellationRequested();
        _finished = true;
        finish(path, _content.WrittenMemory);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!_finished)
        {
            _finished = true;
            finish(path, null);
        }

        return default;
    }

    private void RequireOpen()
    {
        if (_finished)
        {
            throw new PaimonException(ErrorKind.Closed, $"{path}: the file is complete or given up.");
        }
    }
}
