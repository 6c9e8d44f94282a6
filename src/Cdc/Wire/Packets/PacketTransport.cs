using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>
/// Cuts a byte stream into packets and back (MySQL internals manual, "MySQL Packets"):
/// <code>
/// | length u24 | sequence u8 | payload |     a payload of 0xffffff bytes goes on in the next packet
/// </code>
/// It reads from the socket only when asked for a packet that has not arrived, so a slow caller slows the server down. A
/// packet that lies whole in one receive buffer is handed out in place, others are put together in a pooled buffer.
/// One caller at a time.
/// </summary>
internal sealed class PacketTransport : IAsyncDisposable
{
    private const int HeaderBytes = 4;
    private const int MaxChunkBytes = 0xffffff;
    private const int ReceiveBufferBytes = 128 * 1024;
    private const int KeptBufferBytes = 1 << 20;

    private readonly int _maxPacketBytes;
    private readonly PayloadWriter _payloadWriter = new();
    private readonly CancellationTokenSource _deadline;
    private Stream _stream;
    private PipeReader _reader;
    private PipeWriter _writer;
    private ReadOnlySequence<byte> _received;
    private byte[] _assembled = [];
    private byte _sequence;
    private bool _advanceNeeded;

    public PacketTransport(Stream stream, int maxPacketBytes, TimeSpan readTimeout, TimeProvider time)
    {
        _stream = stream;
        _maxPacketBytes = maxPacketBytes;
        ReadTimeout = readTimeout;
        _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        (_reader, _writer) = Open(stream);
    }

    /// <summary>Longest wait for bytes of the server.</summary>
    public TimeSpan ReadTimeout { get; set; }

    /// <summary>The payload that was read last, valid until the next read.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The stream below, for the TLS handshake.</summary>
    public Stream Stream => _stream;

    /// <summary>The sequence number that the next packet of either side carries.</summary>
    public byte NextSequence => _sequence;

    /// <summary>Goes on over another stream (TLS). Bytes that came before belong to nobody and are refused.</summary>
    /// <param name="stream">The stream on top of the old one.</param>
    public async ValueTask SwitchAsync(Stream stream)
    {
        if (!_received.IsEmpty)
        {
            CorruptDataException.Throw($"The server sent {_received.Length} bytes before the TLS handshake");
        }

        await _reader.CompleteAsync().ConfigureAwait(false);
        await _writer.CompleteAsync().ConfigureAwait(false);
        _stream = stream;
        _received = default;
        (_reader, _writer) = Open(stream);
    }

    /// <summary>Begins a packet that starts a command: sequence numbers start at 0.</summary>
    /// <param name="command">The command byte.</param>
    public PayloadWriter BeginCommand(Command command)
    {
        _sequence = 0;
        return BeginPacket().Byte((byte)command);
    }

    /// <summary>Begins a packet that answers the server. Only one packet is under construction at a time.</summary>
    public PayloadWriter BeginPacket()
    {
        _payloadWriter.Clear();
        return _payloadWriter;
    }

    /// <summary>Sends the packet begun last, in chunks where it is long.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection is then of no more use.</param>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var payload = _payloadWriter.Written;
        int chunk;
        try
        {
            do
            {
                chunk = Math.Min(payload.Length, MaxChunkBytes);
                var header = _writer.GetSpan(HeaderBytes);
                BinaryPrimitives.WriteInt32LittleEndian(header, chunk | (_sequence++ << 24));
                _writer.Advance(HeaderBytes);
                _writer.Write(payload.Span[..chunk]);
                payload = payload[chunk..];
                await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            while (chunk == MaxChunkBytes);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw Broken(e);
        }
        finally
        {
            _payloadWriter.Clear();
        }
    }

    /// <summary>Takes the next packet if all of it has arrived in one receive buffer.</summary>
    public bool TryRead()
    {
        var first = _received.FirstSpan;
        if (first.Length < HeaderBytes)
        {
            return false;
        }

        var header = BinaryPrimitives.ReadUInt32LittleEndian(first);
        var length = (int)(header & MaxChunkBytes);
        if (length == MaxChunkBytes || first.Length - HeaderBytes < length)
        {
            return false;
        }

        Payload = _received.First.Slice(HeaderBytes, length);
        _received = _received.Slice(HeaderBytes + length);
        CheckSequence((byte)(header >> 24));
        return true;
    }

    /// <summary>Reads the next packet; false when the server closed the connection between two packets.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection is then of no more use.</param>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) =>
        TryRead() ? new ValueTask<bool>(true) : ReadSlowlyAsync(cancellationToken);

    /// <summary>Closes the stream; nothing is sent.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        ReleaseAssembled(0);
        Payload = default;
        _deadline.Dispose();
    }

    private static (PipeReader Reader, PipeWriter Writer) Open(Stream stream) => (
        PipeReader.Create(
            stream,
            new StreamPipeReaderOptions(bufferSize: ReceiveBufferBytes, minimumReadSize: 16 * 1024, leaveOpen: true)),
        PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        ReleaseAssembled(KeptBufferBytes);
        if (!await FillAsync(HeaderBytes, mayEnd: true, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        if (TryRead())
        {
            return true;
        }

        var total = 0;
        int length;
        do
        {
            await FillAsync(HeaderBytes, mayEnd: false, cancellationToken).ConfigureAwait(false);
            length = TakeHeader();
            if (length > _maxPacketBytes - total)
            {
                throw new PaimonException(
                    ErrorKind.Invalid,
                    $"The server sends a packet of more than {_maxPacketBytes} bytes, the limit of this connection: raise max-packet.");
            }

            total = await AppendAsync(total, length, cancellationToken).ConfigureAwait(false);
        }
        while (length == MaxChunkBytes);
        Payload = _assembled.AsMemory(0, total);
        return true;
    }

    private int TakeHeader()
    {
        Span<byte> bytes = stackalloc byte[HeaderBytes];
        _received.Slice(0, HeaderBytes).CopyTo(bytes);
        _received = _received.Slice(HeaderBytes);
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        CheckSequence((byte)(header >> 24));
        return (int)(header & MaxChunkBytes);
    }

    private async ValueTask<int> AppendAsync(int total, int length, CancellationToken cancellationToken)
    {
        GrowAssembled(total, total + length);
        while (length > 0)
        {
            await FillAsync(1, mayEnd: false, cancellationToken).ConfigureAwait(false);
            var part = _received.Slice(0, Math.Min(_received.Length, length));
            part.CopyTo(_assembled.AsSpan(total));
            total += (int)part.Length;
            length -= (int)part.Length;
            _received = _received.Slice(part.End);
        }

        return total;
    }

    /// <summary>Reads until a number of bytes is there; false at the end of the stream where it may come.</summary>
    private async ValueTask<bool> FillAsync(int bytes, bool mayEnd, CancellationToken cancellationToken)
    {
        while (_received.Length < bytes)
        {
            if (_advanceNeeded)
            {
                _reader.AdvanceTo(_received.Start, _received.End);
                _advanceNeeded = false;
            }

            var result = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            _advanceNeeded = true;
            var grew = result.Buffer.Length > _received.Length;
            _received = result.Buffer;
            if (result.IsCompleted && !grew && _received.Length < bytes)
            {
                if (mayEnd && _received.IsEmpty)
                {
                    return false;
                }

                throw new PaimonException(ErrorKind.Unavailable, "The server closed the connection inside a packet.");
            }
        }

        return true;
    }

    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        var pending = _reader.ReadAsync(_deadline.Token);
        if (pending.IsCompletedSuccessfully)
        {
            return await pending.ConfigureAwait(false);
        }

        // One timer and one token serve the whole connection; the caller's token is tied to it for this wait only.
        _deadline.CancelAfter(ReadTimeout);
        using var registration = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _deadline);
        try
        {
            return await pending.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PaimonException(
                ErrorKind.Unavailable, $"The server sent nothing for {ReadTimeout.TotalSeconds:0.###} s.");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw Broken(e);
        }
        finally
        {
            if (!_deadline.IsCancellationRequested)
            {
                _deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static PaimonException Broken(Exception cause) =>
        new(ErrorKind.Unavailable, $"The connection to the server broke: {cause.Message}", cause);

    private void CheckSequence(byte sequence)
    {
        // An error that a server sends unasked (shutdown, time limit) starts at 0 while the client expects 1.
        if (sequence != _sequence && !(sequence == 0 && _sequence == 1))
        {
            CorruptDataException.Throw(
                $"The server's packet carries sequence number {sequence}, expected {_sequence}: packets were lost or mixed");
        }

        _sequence = (byte)(sequence + 1);
    }

    private void GrowAssembled(int used, int needed)
    {
        if (_assembled.Length >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(2L * _assembled.Length, _maxPacketBytes)));
        _assembled.AsSpan(0, used).CopyTo(larger);
        ReleaseAssembled(0);
        _assembled = larger;
    }

    private void ReleaseAssembled(int keptBytes)
    {
        if (_assembled.Length > keptBytes)
        {
            ArrayPool<byte>.Shared.Return(_assembled);
            _assembled = [];
        }
    }
}
