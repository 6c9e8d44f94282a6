namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The raw events of a binlog in the order of the log: from files, or from a server. Await <see cref="ReadEventAsync"/> once a
/// block and take what else has arrived by <see cref="TryReadBuffered"/>. One caller at a time.
/// </summary>
public interface IBinlogEventSource : IAsyncDisposable
{
    /// <summary>Header, body and checksum of the event read last; valid until the next read.</summary>
    ReadOnlyMemory<byte> CurrentEvent { get; }

    /// <summary>Moves to the next event; false at the end.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken = default);

    /// <summary>Moves to the next event if that needs no waiting; false says nothing about the end.</summary>
    bool TryReadBuffered();
}
