using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Counts the bytes read of a file.</summary>
internal sealed class CountingInputFile(IInputFile file) : IInputFile
{
    public string Path => file.Path;

    public long SizeBytes => file.SizeBytes;

    public long BytesRead { get; private set; }

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BytesRead += buffer.Length;
        return file.ReadAsync(offset, buffer, cancellationToken);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
