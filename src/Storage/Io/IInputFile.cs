namespace PaimonSharp.Storage.Io;

/// <summary>A file open for reading. Reads may overlap and come from several threads.</summary>
public interface IInputFile : IAsyncDisposable
{
    /// <summary>The file's path, for messages.</summary>
    string Path { get; }

    /// <summary>The file's size.</summary>
    long SizeBytes { get; }

    /// <summary>Reads exactly as many bytes as asked.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="buffer">Filled whole.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Data.Errors.CorruptDataException">The file ends before the last byte asked for.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);
}
