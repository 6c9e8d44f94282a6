using Microsoft.Win32.SafeHandles;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>A local file open for reading at any offset, by several threads at once.</summary>
internal sealed class LocalInputFile(string path, SafeFileHandle handle, long sizeBytes) : IInputFile
{
    /// <summary>Smaller reads mostly hit the page cache, where changing threads would cost more than the read.</summary>
    private const int MaxInlineBytes = 256 << 10;

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long SizeBytes => sizeBytes;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.Length > sizeBytes - offset)
        {
            throw EndsTooEarly(offset, buffer.Length);
        }

        try
        {
            while (!buffer.IsEmpty)
            {
                var count = buffer.Length <= MaxInlineBytes
                    ? RandomAccess.Read(handle, buffer.Span, offset)
                    : await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    throw EndsTooEarly(offset, buffer.Length);
                }

                offset += count;
                buffer = buffer[count..];
            }
        }
        catch (Exception e) when (LocalFileErrors.IsFileError(e))
        {
            throw LocalFileErrors.From("read", path, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return default;
    }

    private CorruptDataException EndsTooEarly(long offset, int count) =>
        new($"the file ends at byte {sizeBytes}; {count} bytes were expected here.", path, offset);
}
