using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>A file whose last bytes are kept: they hold the footer, and of a small file everything.</summary>
internal sealed class FileSource : IAsyncDisposable
{
    private const int TailBytes = 64 << 10;

    private readonly IInputFile _file;
    private readonly byte[] _tail;

    private FileSource(IInputFile file, byte[] tail) => (_file, _tail) = (file, tail);

    public string Path => _file.Path;

    public long SizeBytes => _file.SizeBytes;

    private long TailStart => SizeBytes - _tail.Length;

    public static async ValueTask<FileSource> OpenAsync(IInputFile file, CancellationToken cancellationToken)
    {
        var tail = new byte[(int)Math.Min(file.SizeBytes, TailBytes)];
        await file.ReadAsync(file.SizeBytes - tail.Length, tail, cancellationToken).ConfigureAwait(false);
        return new FileSource(file, tail);
    }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > SizeBytes - buffer.Length)
        {
            throw new CorruptDataException(
                $"The file of {SizeBytes} bytes refers to {buffer.Length} bytes outside of itself.", Path, offset);
        }

        if (offset < TailStart)
        {
            return _file.ReadAsync(offset, buffer, cancellationToken);
        }

        _tail.AsSpan((int)(offset - TailStart), buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
