using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Testing;

/// <summary>A simulated file open for reading; each read is an operation that can fail.</summary>
internal sealed class SimulatedInputFile(SimulatedFileSystem files, string path, byte[] content) : IInputFile
{
    public string Path => path;

    public long SizeBytes => content.Length;

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await files.ReadAsync(path, offset, buffer.Length, cancellationToken);
        if (offset < 0 || buffer.Length > content.Length - offset)
        {
            throw new CorruptDataException(
                $"the file ends at byte {content.Length}; {buffer.Length} bytes were expected here.", path, offset);
        }

        content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
    }

    public ValueTask DisposeAsync() => default;
}
