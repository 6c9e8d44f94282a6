namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Cuts a binlog into transactions and keeps the position between them: the only places where reading may begin again
/// (cdc.md#exactly-once).
/// <code>
///   MySQL     GTID  BEGIN  TABLE_MAP rows …  XID | COMMIT | ROLLBACK       GTID  DDL
///   MariaDB   GTID         TABLE_MAP rows …  XID | COMMIT | ROLLBACK       GTID (standalone)  DDL
/// </code>
/// Not thread-safe.
/// </summary>
public sealed class TransactionReader : IAsyncDisposable
{
    private readonly IBinlogEventSource _source;
    private readonly BinlogEventParser _parser;
    private readonly ExecutedTransactions _executed;
    private bool _isBegun;
    private bool _endsWithStatement;
    private BinlogEvent? _afterAbandoned;

    /// <summary>Makes a reader.</summary>
    /// <param name="source">The events; owned.</param>
    /// <param name="parser">The parser that the source feeds its file names to.</param>
    /// <param name="start">Where the source begins, between two transactions.</param>
    /// <param name="executed">The transactions before the start; changed by the reader.</param>
    public TransactionReader(
        IBinlogEventSource source, BinlogEventParser parser, BinlogPosition start, ExecutedTransactions executed)
    {
        _source = source;
        _parser = parser;
        _executed = executed;
        Boundary = start;
        GroupStart = start;
    }

    /// <summary>The position after the last complete transaction, without GTIDs; see <see cref="BoundaryPosition"/>.</summary>
    public BinlogPosition Boundary { get; private set; }

    /// <summary>Where the open transaction begins.</summary>
    public BinlogPosition GroupStart { get; private set; }

    /// <summary>The transactions complete at <see cref="Boundary"/>.</summary>
    public ExecutedTransactions Executed => _executed;

    /// <summary><see cref="Boundary"/> with the GTIDs as text: what a checkpoint keeps.</summary>
    public BinlogPosition BoundaryPosition => Boundary with { Gtids = _executed.ToString() };

    /// <summary>The open transaction's id event; null where the server has none.</summary>
    public GtidEvent? Transaction { get; private set; }

    /// <summary>True between the beginning and the end of a transaction.</summary>
    public bool IsInGroup { get; private set; }

    /// <summary>The rows of step <see cref="TransactionStep.Rows"/>, valid until the next step.</summary>
    public RowsEvent Rows { get; private set; } = null!;

    /// <summary>The statement of step <see cref="TransactionStep.Statement"/>.</summary>
    public QueryEvent Statement { get; private set; } = null!;

    /// <summary>The server's clock, in seconds, of the newest event of a transaction; 0 before the first.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>True when the server said that it has nothing more to send at the moment.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>Moves to the next step.</summary>
    public async ValueTask<TransactionStep> ReadAsync(CancellationToken cancellationToken)
    {
        if (_endsWithStatement)
        {
            _endsWithStatement = false;
            return EndGroup(Statement);
        }

        if (_afterAbandoned is { } held)
        {
            _afterAbandoned = null;
            if (Take(held) is { } step)
            {
                return step;
            }
        }

        while (true)
        {
            while (_parser.TryNext(out var next))
            {
                if (Take(next) is { } step)
                {
                    return step;
                }
            }

            if (!_source.TryReadBuffered() && !await _source.ReadEventAsync(cancellationToken).ConfigureAwait(false))
            {
                return IsInGroup ? Abandon(null) : TransactionStep.End;
            }

            _parser.Feed(_source.CurrentEvent);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private TransactionStep? Take(BinlogEvent next)
    {
        switch (next)
        {
            case RowsEvent rows:
                BeginGroup(rows);
                Rows = rows;
                return TransactionStep.Rows;
            case GtidEvent or FormatDescriptionEvent when IsInGroup:
                return Abandon(next);
            case GtidEvent gtid:
                BeginGroup(gtid);
                Transaction = gtid;
                _isBegun = gtid.MariaGtid is not null && !gtid.IsStandalone;
                return null;
            case XidEvent xid:
                return EndGroup(xid);
            case QueryEvent query:
                return TakeQuery(query);
            case RotateEvent rotate:
                return MoveTo(new BinlogPosition(rotate.NextFile, rotate.NextOffset));
            case HeartbeatEvent:
                IsCaughtUp = true;
                return IsInGroup ? null : TransactionStep.Idle;
            case PreviousGtidsEvent:
                return IsInGroup ? null : MoveTo(new BinlogPosition(_parser.File, next.End));
            default:
                return null;
        }
    }

    private TransactionStep? TakeQuery(QueryEvent query)
    {
        var text = query.Text.AsSpan().Trim();
        if (text.Equals("BEGIN", StringComparison.OrdinalIgnoreCase))
        {
            BeginGroup(query);
            _isBegun = true;
            return null;
        }

        if (text.Equals("COMMIT", StringComparison.OrdinalIgnoreCase) || text.Equals("ROLLBACK", StringComparison.OrdinalIgnoreCase))
        {
            return EndGroup(query);
        }

        BeginGroup(query);
        Statement = query;
        // CREATE TABLE … SELECT is one transaction: its statement says that rows follow.
        var opensTransaction = text.EndsWith("START TRANSACTION", StringComparison.OrdinalIgnoreCase);
        _isBegun |= opensTransaction;
        _endsWithStatement = !_isBegun;
        return TransactionStep.Statement;
    }

    private void BeginGroup(BinlogEvent first)
    {
        Timestamp = Math.Max(Timestamp, first.Header.Timestamp);
        if (!IsInGroup)
        {
            IsInGroup = true;
            IsCaughtUp = false;
            _isBegun = false;
            Transaction = null;
            GroupStart = new BinlogPosition(_parser.File, first.Start);
        }
    }

    private TransactionStep EndGroup(BinlogEvent last)
    {
        Timestamp = Math.Max(Timestamp, last.Header.Timestamp);
        _executed.Add(Transaction);
        IsInGroup = false;
        _isBegun = false;
        Transaction = null;
        Boundary = new BinlogPosition(_parser.File, last.End);
        return TransactionStep.Committed;
    }

    private TransactionStep Abandon(BinlogEvent? next)
    {
        _afterAbandoned = next;
        IsInGroup = false;
        _isBegun = false;
        Transaction = null;
        return TransactionStep.Abandoned;
    }

    private TransactionStep? MoveTo(BinlogPosition position)
    {
        if (IsInGroup)
        {
            return null;
        }

        // A stream that begins by GTIDs begins at the head of a file: what is known is further on already.
        Boundary = position > Boundary ? position : Boundary;
        return TransactionStep.Idle;
    }
}
