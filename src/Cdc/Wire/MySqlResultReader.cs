using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// Streams the rows of a text query, forward only (MySQL internals manual, "Text Resultset"). Rows are views over the
/// packet; nothing is allocated per row. Several results (CALL) follow one another through <see cref="NextResultAsync"/>.
/// </summary>
public sealed class MySqlResultReader : IAsyncDisposable
{
    private const int MaxColumns = 4096;
    private const byte NullMark = 0xfb;
    private const int EofBytes = 9;
    private const int LongValueBytes = 0xffffff;

    private readonly MySqlConnection _connection;
    private readonly PacketTransport _transport;
    private ResultColumn[] _columns = [];
    private TextRow.FieldRange[] _fields = [];
    private bool _rowsLeft;
    private bool _moreResults;
    private bool _ended;
    private bool _endArrived;
    private bool _onRow;

    internal MySqlResultReader(MySqlConnection connection, string doing)
    {
        _connection = connection;
        _transport = connection.Transport;
        Doing = doing;
    }

    /// <summary>The columns of the current result; none when the statement gives no rows.</summary>
    public IReadOnlyList<ResultColumn> Columns => _columns;

    /// <summary>What the current result answered when it has no rows.</summary>
    public CommandResult Result { get; private set; }

    /// <summary>The current row, valid until the next read.</summary>
    /// <exception cref="InvalidOperationException">No row was read.</exception>
    public TextRow Current
    {
        get
        {
            if (!_onRow)
            {
                ThrowNoRow();
            }

            return new TextRow(_transport.Payload.Span, _fields.AsSpan(0, _columns.Length));
        }
    }

    internal string Doing { get; }

    /// <summary>Moves to the next row; false at the end of the current result.</summary>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">The server broke the result off.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        _onRow = false;
        if (!_rowsLeft)
        {
            return new ValueTask<bool>(false);
        }

        // The common case stays free of an async frame: the row lies in the receive buffer already.
        return TryReadBuffered() ? new ValueTask<bool>(true) : ReadSlowlyAsync(cancellationToken);
    }

    /// <summary>Moves to the next row if it has arrived; false says nothing about the end.</summary>
    /// <remarks>Lets a caller await once per block: <c>while (await ReadAsync()) do { … } while (TryReadBuffered())</c>.</remarks>
    public bool TryReadBuffered()
    {
        if (!_rowsLeft || _endArrived)
        {
            return false;
        }

        try
        {
            _onRow = false;
            if (!_transport.TryRead())
            {
                return false;
            }

            _endArrived = !TryTakeRow(_transport.Payload.Span);
            return !_endArrived;
        }
        catch (CorruptDataException)
        {
            _connection.MarkBroken();
            throw;
        }
    }

    /// <summary>Moves to the next result of the statement; rows that are left are dropped.</summary>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    public async ValueTask<bool> NextResultAsync(CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        if (!_moreResults)
        {
            return false;
        }

        await BeginResultAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Reads what is left and gives the session back. Leave large results by disposing the connection instead.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended && _connection.IsOpen)
        {
            try
            {
                await DrainAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (MySqlServerException)
            {
                // The result that nobody wants any more broke off: the session is free all the same.
            }
        }
    }

    internal async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (await NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    internal string?[] CopyTexts()
    {
        var texts = new string?[_columns.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Current.GetText(i);
        }

        return texts;
    }

    internal async ValueTask BeginResultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadResultHeadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CorruptDataException)
        {
            _connection.MarkBroken();
            throw;
        }
    }

    private async ValueTask ReadResultHeadAsync(CancellationToken cancellationToken)
    {
        await _connection.ReadPacketAsync(Doing, cancellationToken).ConfigureAwait(false);
        _columns = [];
        switch (_transport.Payload.Span[0])
        {
            case Replies.Ok:
                (Result, var status) = Replies.ReadOk(_transport.Payload.Span);
                EndResult(status);
                return;
            case Replies.Error:
                throw Fail();
            case Replies.LocalInfile:
                await _connection.BreakAsync().ConfigureAwait(false);
                throw new PaimonException(
                    ErrorKind.Unsupported, "The server asks for a local file (LOAD DATA LOCAL), which is never sent.");
        }

        var count = new PayloadReader(_transport.Payload.Span).ReadLengthEncoded();
        if (count is 0 or > MaxColumns)
        {
            await _connection.BreakAsync().ConfigureAwait(false);
            throw new CorruptDataException($"The server announces {count} result columns; at most {MaxColumns} are possible");
        }

        await ReadColumnsAsync((int)count, cancellationToken).ConfigureAwait(false);
        _rowsLeft = true;
        _endArrived = false;
        Result = default;
    }

    private async ValueTask ReadColumnsAsync(int count, CancellationToken cancellationToken)
    {
        var columns = new ResultColumn[count];
        for (var i = 0; i < count; i++)
        {
            await _connection.ReadPacketAsync(Doing, cancellationToken).ConfigureAwait(false);
            columns[i] = ReadColumn(_transport.Payload.Span);
        }

        if (!_connection.DeprecatesEof)
        {
            await _connection.ReadPacketAsync(Doing, cancellationToken).ConfigureAwait(false);
            if (!Replies.IsEof(_transport.Payload.Span))
            {
                await _connection.BreakAsync().ConfigureAwait(false);
                throw new CorruptDataException("No end marker follows the column definitions of a result");
            }
        }

        _columns = columns;
        if (_fields.Length < count)
        {
            _fields = new TextRow.FieldRange[count];
        }
    }

    private static ResultColumn ReadColumn(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadLengthEncodedBytes();
        var database = reader.ReadLengthEncodedText();
        var table = reader.ReadLengthEncodedText();
        reader.ReadLengthEncodedBytes();
        var name = reader.ReadLengthEncodedText();
        reader.ReadLengthEncodedBytes();
        reader.ReadLengthEncoded();
        var collation = reader.ReadUInt16();
        var length = reader.ReadUInt32();
        var type = reader.ReadByte();
        var flags = reader.ReadUInt16();
        return new(name, table, database, type, flags, collation, length, reader.ReadByte());
    }

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        if (!_endArrived)
        {
            await _connection.ReadPacketAsync(Doing, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (!_endArrived && TryTakeRow(_transport.Payload.Span))
            {
                return true;
            }

            if (Replies.IsError(_transport.Payload.Span))
            {
                throw Fail();
            }

            EndResult(_connection.DeprecatesEof
                ? Replies.ReadOk(_transport.Payload.Span).Status
                : Replies.ReadEofStatus(_transport.Payload.Span));
            return false;
        }
        catch (CorruptDataException)
        {
            _connection.MarkBroken();
            throw;
        }
    }

    /// <summary>Finds the values of a row; false when the packet is an end marker or an error.</summary>
    private bool TryTakeRow(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            CorruptDataException.Throw("The server sent an empty packet among the rows of a result");
        }

        // 0xfe also begins a value of 16 MiB and more, but never in a packet as short as an end marker.
        if (payload[0] == Replies.Error
            || (payload[0] == Replies.Eof && payload.Length < (_connection.DeprecatesEof ? LongValueBytes : EofBytes)))
        {
            return false;
        }

        var offset = 0;
        for (var i = 0; i < _columns.Length; i++)
        {
            var first = (uint)offset < (uint)payload.Length ? payload[offset] : Replies.Error;
            if (first < NullMark)
            {
                _fields[i] = new(offset + 1, first);
                offset += first + 1;
            }
            else if (first == NullMark)
            {
                _fields[i] = new(offset++, -1);
            }
            else
            {
                offset = TakeLongValue(payload, offset, i);
            }
        }

        if (offset != payload.Length)
        {
            CorruptDataException.Throw($"A result row of {payload.Length} bytes holds values of {offset} bytes", offset);
        }

        _onRow = true;
        return true;
    }

    private int TakeLongValue(ReadOnlySpan<byte> payload, int offset, int column)
    {
        var reader = new PayloadReader(payload[Math.Min(offset, payload.Length)..]);
        var length = reader.ReadLengthEncodedBytes().Length;
        _fields[column] = new(offset + reader.Offset - length, length);
        return offset + reader.Offset;
    }

    private void EndResult(ServerStatus status)
    {
        _rowsLeft = false;
        _moreResults = status.HasFlag(ServerStatus.MoreResults);
        if (!_moreResults)
        {
            End();
        }
    }

    private void End()
    {
        _ended = true;
        _rowsLeft = false;
        _moreResults = false;
        _connection.EndCommand();
    }

    private MySqlServerException Fail()
    {
        var (code, state, message) = Replies.ReadError(_transport.Payload.Span);
        End();
        return new MySqlServerException(code, state, message, Doing);
    }

    [DoesNotReturn]
    private static void ThrowNoRow() => throw new InvalidOperationException("No row was read: call ReadAsync first.");
}
