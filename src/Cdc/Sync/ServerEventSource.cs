using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Wire;

namespace PaimonSharp.Cdc.Sync;

/// <summary>The binlog of a running server as a source of events; owns the dump's session.</summary>
internal sealed class ServerEventSource(BinlogStream stream) : IBinlogEventSource
{
    public ReadOnlyMemory<byte> CurrentEvent => stream.CurrentEvent;

    public ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken = default)
    {
        var read = stream.ReadEventAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? read : SourceLostException.GuardAsync(read);
    }

    public bool TryReadBuffered() => stream.TryReadBuffered();

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
