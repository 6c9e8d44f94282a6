namespace PaimonSharp.Storage.Io;

/// <summary>A new file being written from its first byte to its last. For one thread at a time.</summary>
public interface IOutputFile : IAsyncDisposable
{
    /// <summary>The file's path.</summary>
    string Path { get; }

    /// <summary>The bytes written until now.</summary>
    long Position { get; }

    /// <summary>Appends bytes. The buffer may be used again when the call has returned.</summary>
    /// <param name="buffer">What to append.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Makes the file durable under its name: its bytes, then its directory entry.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);
}
