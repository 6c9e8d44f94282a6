using PaimonSharp.Cdc.Wire.Packets;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// A session with a MySQL or MariaDB server: text queries and binlog dumps over the classic protocol (MySQL internals
/// manual, "Client/Server Protocol"). One command runs at a time, from one caller at a time. After a broken connection,
/// a protocol error or a cancelled command the session is closed for good; an error packet leaves it usable.
/// </summary>
public sealed class MySqlConnection : IAsyncDisposable
{
    private const int MaxStatementTextInErrors = 200;

    private readonly PacketTransport _transport;
    private readonly MySqlConnectionOptions _options;
    private State _state;

    internal MySqlConnection(
        PacketTransport transport, MySqlConnectionOptions options, Greeting greeting, Capabilities capabilities, bool encrypted)
    {
        _transport = transport;
        _options = options;
        Server = greeting.Version;
        ConnectionId = greeting.ConnectionId;
        DeprecatesEof = capabilities.HasFlag(Capabilities.DeprecateEof);
        IsEncrypted = encrypted;
    }

    private enum State
    {
        Idle,
        Reading,
        Dumping,
        Closed,
    }

    /// <summary>Family and version as the server greeted.</summary>
    public ServerVersion Server { get; }

    /// <summary>The server's number for this session, as in <c>SHOW PROCESSLIST</c> and <c>KILL</c>.</summary>
    public uint ConnectionId { get; }

    /// <summary>True when TLS protects the session.</summary>
    public bool IsEncrypted { get; }

    /// <summary>True until the session ended or broke.</summary>
    public bool IsOpen => _state != State.Closed;

    /// <summary>The settings that the session was opened with.</summary>
    public MySqlConnectionOptions Options => _options;

    internal PacketTransport Transport => _transport;

    internal bool DeprecatesEof { get; }

    /// <summary>Opens a session and logs in.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="timeProvider">The clock of timeouts, null for the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MySqlServerException">The server refused the login.</exception>
    /// <exception cref="PaimonException">
    /// Kind <see cref="ErrorKind.Unavailable"/>: host unknown, nothing listens, timeout. Kind <see cref="ErrorKind.Refused"/>:
    /// TLS or the certificate do not do. Kind <see cref="ErrorKind.Unsupported"/>: login plugin unknown.
    /// </exception>
    public static async Task<MySqlConnection> ConnectAsync(
        MySqlConnectionOptions options, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var opener = new ConnectionOpener(options, timeProvider ?? TimeProvider.System);
        return await opener.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a statement; rows that it gives are read and dropped.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">The server answered with an error.</exception>
    public async ValueTask<CommandResult> ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        var reader = await QueryAsync(sql, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var result = reader.Result;
            await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
    }

    /// <summary>Runs a statement and streams its rows. The reader must be disposed before the next command.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">The server answered with an error.</exception>
    public async ValueTask<MySqlResultReader> QueryAsync(string sql, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        Begin(State.Reading);
        _transport.ReadTimeout = _options.ReadTimeout;
        _transport.BeginCommand(Command.Query).Text(sql);
        await SendAsync(cancellationToken).ConfigureAwait(false);
        var shown = sql.Length <= MaxStatementTextInErrors ? sql : string.Concat(sql.AsSpan(0, MaxStatementTextInErrors), "…");
        var reader = new MySqlResultReader(this, $"running '{shown}'");
        await reader.BeginResultAsync(cancellationToken).ConfigureAwait(false);
        return reader;
    }

    /// <summary>Runs a query of few rows and keeps them as texts, null for NULL: for metadata.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="maxRows">More rows than these are an error.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>: more rows than allowed.</exception>
    public async ValueTask<IReadOnlyList<string?[]>> QueryRowsAsync(
        string sql, int maxRows = 100_000, CancellationToken cancellationToken = default)
    {
        var reader = await QueryAsync(sql, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var rows = new List<string?[]>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (rows.Count == maxRows)
                {
                    throw new PaimonException(ErrorKind.Invalid, $"The query gives more than {maxRows} rows, {reader.Doing}.");
                }

                rows.Add(reader.CopyTexts());
            }

            return rows;
        }
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    public async ValueTask PingAsync(CancellationToken cancellationToken = default)
    {
        Begin(State.Reading);
        _transport.BeginCommand(Command.Ping);
        await SendAsync(cancellationToken).ConfigureAwait(false);
        await ReadOkAsync("pinging", cancellationToken).ConfigureAwait(false);
        EndCommand();
    }

    /// <summary>
    /// Prepares the session and starts a binlog dump on it. The session then carries nothing else: disposing the stream, or
    /// this, ends it.
    /// </summary>
    /// <param name="request">From where, and how.</param>
    /// <param name="cancellationToken">Gives up, which closes the session.</param>
    /// <exception cref="MySqlServerException">The server refused a statement or the registration.</exception>
    public async ValueTask<BinlogStream> BinlogDumpAsync(DumpRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate(Server);
        var stream = new BinlogStream(this, request);
        await stream.StartAsync(cancellationToken).ConfigureAwait(false);
        return stream;
    }

    /// <summary>Says goodbye where nothing is under way, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        var wasIdle = _state == State.Idle;
        _state = State.Closed;
        if (wasIdle)
        {
            try
            {
                using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                _transport.BeginCommand(Command.Quit);
                await _transport.SendAsync(brief.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is PaimonException or OperationCanceledException)
            {
                // The server is gone already; closing is what was asked for.
            }
        }

        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    internal void BeginDump() => Begin(State.Dumping);

    internal void EndCommand()
    {
        if (_state == State.Reading)
        {
            _state = State.Idle;
        }
    }

    /// <summary>Closes the session for further commands; disposing it closes the socket.</summary>
    internal void MarkBroken() => _state = State.Closed;

    /// <summary>Ends the session after an error that leaves the protocol's state unknown.</summary>
    internal ValueTask BreakAsync()
    {
        _state = State.Closed;
        return _transport.DisposeAsync();
    }

    internal async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _transport.SendAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PaimonException or OperationCanceledException)
        {
            await BreakAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads a packet that must come; any failure breaks the session.</summary>
    internal async ValueTask ReadPacketAsync(string doing, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _transport.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new PaimonException(ErrorKind.Unavailable, $"The server {_options.Endpoint} closed the connection while {doing}.");
            }

            if (_transport.Payload.IsEmpty)
            {
                CorruptDataException.Throw($"The server sent an empty packet while {doing}");
            }
        }
        catch (Exception e) when (e is PaimonException or OperationCanceledException)
        {
            await BreakAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal async ValueTask ReadOkAsync(string doing, CancellationToken cancellationToken)
    {
        await ReadPacketAsync(doing, cancellationToken).ConfigureAwait(false);
        var first = _transport.Payload.Span[0];
        if (first == Replies.Error)
        {
            var (code, state, message) = Replies.ReadError(_transport.Payload.Span);
            EndCommand();
            throw new MySqlServerException(code, state, message, doing);
        }

        if (first != Replies.Ok)
        {
            await BreakAsync().ConfigureAwait(false);
            throw new CorruptDataException($"The server answered 0x{first:x2} while {doing}, expected OK or an error");
        }
    }

    private void Begin(State next)
    {
        if (_state == State.Closed)
        {
            throw new PaimonException(ErrorKind.Closed, $"The session with {_options.Endpoint} is closed.");
        }

        if (_state != State.Idle)
        {
            throw new InvalidOperationException("Another command runs on this session: dispose its reader first.");
        }

        _state = next;
    }
}
