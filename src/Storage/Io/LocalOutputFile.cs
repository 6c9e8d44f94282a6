using System.Buffers;
using Microsoft.Win32.SafeHandles;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>
/// A new local file. Bytes gather in a buffer; a write error leaves the file unusable, and disposing an unfinished file
/// removes it. For one thread at a time.
/// </summary>
internal sealed class LocalOutputFile(string path, SafeFileHandle handle, bool isDurable = true) : IOutputFile
{
    private const int BufferBytes = 256 << 10;

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _buffered;
    private long _written;
    private bool _completed;
    private bool _failed;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long Position => _written + _buffered;

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.Length <= _buffer!.Length - _buffered)
        {
            buffer.Span.CopyTo(_buffer.AsSpan(_buffered));
            _buffered += buffer.Length;
            return default;
        }

        FlushBuffer();
        if (buffer.Length >= _buffer.Length)
        {
            Write(buffer.Span);
            return default;
        }

        buffer.Span.CopyTo(_buffer);
        _buffered = buffer.Length;
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        FlushBuffer();
        if (isDurable)
        {
            await Task.Run(MakeDurable, cancellationToken).ConfigureAwait(false);
        }

        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_buffer is null)
        {
            return default;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        handle.Dispose();
        if (!_completed)
        {
            LocalFileIO.RemoveQuietly(path);
        }

        return default;
    }

    private void MakeDurable()
    {
        try
        {
            // After a failed fsync the kernel may drop the bytes or the name and report success the next time: never ask again.
            _failed = true;
            RandomAccess.FlushToDisk(handle);
            LocalFileIO.SyncDirectory(FilePath.Parent(path)!);
            _failed = false;
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            throw LocalFileErrors.From("flush", path, e);
        }
    }

    private void FlushBuffer()
    {
        var count = _buffered;
        _buffered = 0;
        Write(_buffer.AsSpan(0, count));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        try
        {
            RandomAccess.Write(handle, bytes, _written);
            _written += bytes.Length;
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            _failed = true;
            throw LocalFileErrors.From("write", path, e);
        }
    }

    private void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (_completed || _failed)
        {
            throw new PaimonException(
                ErrorKind.Closed, $"{path}: the file is {(_failed ? "unusable after an error" : "complete")}.");
        }
    }
}
