using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Io;

/// <summary>A file's bytes in memory, as they were when it was opened.</summary>
internal sealed class MemoryInputFile(string path, ReadOnlyMemory<byte> content) : IInputFile
{
    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public long SizeBytes => content.Length;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.Length > content.Length - offset)
        {
            throw new CorruptDataException(
                $"the file ends at byte {content.Length}; {buffer.Length} bytes were expected here.", path, offset);
        }

        content.Span.Slice((int)offset, buffer.Length).CopyTo(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
