using System.Globalization;
using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// The raw events of a binlog dump, in the order of the log: first an artificial ROTATE and a FORMAT_DESCRIPTION, then
/// from the requested start; heartbeats come as events too. The socket is read only when an event is asked for, so a slow
/// reader slows the server down. Nothing is allocated per event. One caller at a time.
/// </summary>
public sealed class BinlogStream : IAsyncDisposable
{
    private const ushort NonBlockFlag = 0x01;
    private const ushort AnnotateFlag = 0x02;
    private const int MariaDbCapability = 4;

    private readonly MySqlConnection _connection;
    private readonly PacketTransport _transport;
    private readonly DumpRequest _request;
    private readonly string _doing;
    private bool _ended;
    private bool _endedWell;
    private bool _onEvent;

    internal BinlogStream(MySqlConnection connection, DumpRequest request)
    {
        _connection = connection;
        _transport = connection.Transport;
        _request = request;
        _doing = $"streaming the binlog of {connection.Options.Endpoint} from {request.Start}";
    }

    /// <summary>The server that streams.</summary>
    public ServerVersion Server => _connection.Server;

    /// <summary>The request that the stream answers.</summary>
    public DumpRequest Request => _request;

    /// <summary>
    /// The event read last: header, body and checksum, without the protocol's status byte. Valid until the next read.
    /// </summary>
    /// <exception cref="InvalidOperationException">No event was read.</exception>
    public ReadOnlyMemory<byte> CurrentEvent => _onEvent
        ? _transport.Payload[1..]
        : throw new InvalidOperationException("No event was read: call ReadEventAsync first.");

    /// <summary>Waits for the next event; false when the server ended the dump, as a non-blocking one does.</summary>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">
    /// The server ended the dump with an error: kind <see cref="ErrorKind.Refused"/> for a start that it does not have.
    /// </exception>
    /// <exception cref="PaimonException">
    /// Kind <see cref="ErrorKind.Unavailable"/>: the connection broke or was silent longer than the read timeout.
    /// </exception>
    public ValueTask<bool> ReadEventAsync(CancellationToken cancellationToken = default) =>
        TryReadBuffered() ? new ValueTask<bool>(true) : ReadSlowlyAsync(cancellationToken);

    /// <summary>Moves to the next event if all of it has arrived; false says nothing about the end.</summary>
    /// <remarks>Lets a caller await once per block: <c>while (await ReadEventAsync()) do { … } while (TryReadBuffered())</c>.</remarks>
    public bool TryReadBuffered()
    {
        if (_ended || !_connection.IsOpen)
        {
            return false;
        }

        try
        {
            _onEvent = false;
            if (!_transport.TryRead())
            {
                return false;
            }

            _onEvent = _transport.Payload.Length > 1 && _transport.Payload.Span[0] == Replies.Ok;
            _ended = !_onEvent;
            return _onEvent;
        }
        catch (CorruptDataException)
        {
            _connection.MarkBroken();
            throw;
        }
    }

    /// <summary>Closes the connection: a dump has no other end.</summary>
    public ValueTask DisposeAsync()
    {
        _ended = true;
        _onEvent = false;
        return _connection.BreakAsync();
    }

    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in Setup())
        {
            await _connection.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        }

        _connection.BeginDump();
        _transport.BeginCommand(Command.RegisterReplica)
            .UInt32(_request.ServerId).ShortText(_request.ReplicaName).Byte(0).Byte(0).UInt16(0).UInt32(0).UInt32(0);
        await _connection.SendAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _connection.ReadOkAsync("registering as a replica", cancellationToken).ConfigureAwait(false);
        }
        catch (MySqlServerException e)
        {
            await _connection.BreakAsync().ConfigureAwait(false);
            throw DumpErrors.Explain(e.Code, e.SqlState, e.ServerMessage, "registering as a replica", _request);
        }

        WriteDump();
        await _connection.SendAsync(cancellationToken).ConfigureAwait(false);
        _transport.ReadTimeout = _request.EffectiveReadTimeout;
    }

    /// <summary>The session variables that a dump reads; each server takes the names that it knows.</summary>
    private IEnumerable<string> Setup()
    {
        var heartbeat = (_request.HeartbeatPeriod.Ticks * 100).ToString(CultureInfo.InvariantCulture);
        var seconds = ((int)Math.Ceiling(_request.NetWriteTimeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        yield return "SET @source_binlog_checksum = @@global.binlog_checksum, "
            + "@master_binlog_checksum = @@global.binlog_checksum";
        yield return $"SET @master_heartbeat_period = {heartbeat}, @source_heartbeat_period = {heartbeat}";
        yield return $"SET SESSION net_write_timeout = {seconds}";
        if (_request.ReplicaUuid is { } uuid)
        {
            yield return $"SET @slave_uuid = '{uuid}', @replica_uuid = '{uuid}'";
        }

        if (!Server.IsMariaDb)
        {
            yield break;
        }

        yield return $"SET @mariadb_slave_capability = {MariaDbCapability}";
        if (_request.MariaDbGtidPosition is { } position)
        {
            yield return $"SET @slave_connect_state = '{position}'";
            yield return $"SET @slave_gtid_strict_mode = {(_request.MariaDbStrictMode ? 1 : 0)}";
            yield return "SET @slave_gtid_ignore_duplicates = 0";
        }
    }

    private void WriteDump()
    {
        var flags = _request.NonBlocking ? NonBlockFlag : (ushort)0;
        if (_request.EncodedGtidSet is { } set)
        {
            _transport.BeginCommand(Command.BinlogDumpGtid)
                .UInt16(flags).UInt32(_request.ServerId).UInt32(0).UInt64(DumpRequest.FirstPosition)
                .UInt32((uint)set.Length).Bytes(set.Span);
            return;
        }

        if (Server.IsMariaDb && _request.AnnotateRows)
        {
            flags |= AnnotateFlag;
        }

        _transport.BeginCommand(Command.BinlogDump)
            .UInt32((uint)_request.Position).UInt16(flags).UInt32(_request.ServerId).Text(_request.File);
    }

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        if (!_ended && _connection.IsOpen)
        {
            await _connection.ReadPacketAsync(_doing, cancellationToken).ConfigureAwait(false);
            _onEvent = _transport.Payload.Length > 1 && _transport.Payload.Span[0] == Replies.Ok;
            if (_onEvent)
            {
                return true;
            }

            _ended = true;
        }

        return await EndAsync().ConfigureAwait(false);
    }

    private async ValueTask<bool> EndAsync()
    {
        if (_endedWell)
        {
            return false;
        }

        if (!_connection.IsOpen)
        {
            throw new PaimonException(ErrorKind.Closed, $"The session has ended, {_doing}.");
        }

        var payload = _transport.Payload.Span;
        Exception? failure = null;
        if (payload.IsEmpty)
        {
            failure = new CorruptDataException($"The server sent an empty packet while {_doing}");
        }
        else if (Replies.IsError(payload))
        {
            var (code, state, message) = Replies.ReadError(payload);
            failure = DumpErrors.Explain(code, state, message, _doing, _request);
        }
        else if (!Replies.IsEof(payload))
        {
            failure = new CorruptDataException($"The server sent no event but 0x{payload[0]:x2} while {_doing}");
        }

        else if (!_request.NonBlocking)
        {
            // A server that stops says a polite goodbye; only a reader that asked for the end may take it for one.
            failure = new PaimonException(
                ErrorKind.Unavailable, $"The server ended the dump, as it does when it stops, while {_doing}.");
        }

        _endedWell = failure is null;
        await _connection.BreakAsync().ConfigureAwait(false);
        return failure is null ? false : throw failure;
    }
}
