namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Groups the events of a binlog into transactions and keeps the position to resume from: file and offset after the last
/// complete transaction, and the GTIDs up to it.
/// </summary>
public sealed class ChangeSource : IChangeSource
{
    private readonly IBinlogEventSource _events;
    private readonly BinlogEventParser _parser;
    private readonly Func<string, string, bool> _isWatched;
    private readonly SourceChange _current;
    private GtidSet _executed = new();
    private MariaGtidPosition _mariaPosition = new();
    private string _file = string.Empty;
    private ulong _offset;
    private GtidEvent? _gtid;
    private bool _isOpen;
    private bool _commitFollows;

    /// <summary>Makes a source.</summary>
    /// <param name="events">The events, of files or of a server.</param>
    /// <param name="parser">The parser; the file reader among <paramref name="events"/> must have the same.</param>
    /// <param name="start">Where the events start; its GTIDs are what has happened before.</param>
    /// <param name="isWatched">True for a database and table whose changes must not be missed.</param>
    public ChangeSource(
        IBinlogEventSource events, BinlogEventParser parser, BinlogPosition start, Func<string, string, bool> isWatched)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(parser);
        ArgumentNullException.ThrowIfNull(isWatched);
        _events = events;
        _parser = parser;
        _isWatched = isWatched;
        (_file, _offset) = (start.File ?? string.Empty, start.Offset);
        StartGtids = start.Gtids ?? string.Empty;
        _current = new SourceChange(() => ResumePosition);
    }

    /// <inheritdoc/>
    public SourceChange Current => _current;

    /// <summary>Where to resume after the last complete transaction.</summary>
    public BinlogPosition ResumePosition => new(
        _file, _offset, _knowsFlavor ? (_parser.IsMariaDb ? _mariaPosition.ToString() : _executed.ToString()) : StartGtids);

    private string StartGtids { get; }

    private bool _knowsFlavor;

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryTake())
            {
                return true;
            }

            if (!_events.TryReadBuffered() && !await _events.ReadEventAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            _parser.Feed(_events.CurrentEvent);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _events.DisposeAsync();

    private bool TryTake()
    {
        if (_commitFollows)
        {
            _commitFollows = false;
            return Commit();
        }

        while (_parser.TryNext(out var next))
        {
            if (Take(next))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Handles an event; true when <see cref="Current"/> tells something.</summary>
    private bool Take(BinlogEvent next)
    {
        switch (next)
        {
            case RowsEvent rows:
                return rows.Table is not null && Tell(SourceChangeKind.Rows, next, rows: rows);
            case TableMapEvent or RowsQueryEvent or OtherEvent:
                return false;
            case GtidEvent gtid:
                _gtid = gtid;
                _isOpen = gtid.MariaGtid is not null && !gtid.IsStandalone;
                return _isOpen && Tell(SourceChangeKind.Begin, next);
            case XidEvent:
                return End(next);
            case QueryEvent query:
                return TakeQuery(query);
            case HeartbeatEvent:
                return Tell(SourceChangeKind.Heartbeat, next);
            default:
                TakeFileEvent(next);
                return false;
        }
    }

    private void TakeFileEvent(BinlogEvent next)
    {
        switch (next)
        {
            case RotateEvent rotate when !_isOpen:
                (_file, _offset) = (rotate.NextFile, rotate.NextOffset);
                break;
            case FormatDescriptionEvent:
                LearnFlavor();
                if (!_isOpen && _parser.Offset > _offset && _file == _parser.File)
                {
                    _offset = _parser.Offset;
                }
                else if (_file.Length == 0)
                {
                    (_file, _offset) = (_parser.File, _parser.Offset);
                }

                // A server that crashed leaves a transaction without end; what follows is a new one.
                (_isOpen, _gtid) = (false, null);
                break;
            case PreviousGtidsEvent previous when previous.Executed is { } executed && _executed.IsEmpty && StartGtids.Length == 0:
                _executed = executed.Clone();
                break;
            case PreviousGtidsEvent previous when previous.MariaGtids is { } list && _mariaPosition.IsEmpty && StartGtids.Length == 0:
                foreach (var gtid in list)
                {
                    _mariaPosition.Add(gtid);
                }

                break;
            default:
                break;
        }
    }

    private void LearnFlavor()
    {
        if (_knowsFlavor)
        {
            return;
        }

        _knowsFlavor = true;
        if (_parser.IsMariaDb)
        {
            _mariaPosition = MariaGtidPosition.Parse(StartGtids);
        }
        else
        {
            _executed = GtidSet.Parse(StartGtids);
        }
    }

    private bool TakeQuery(QueryEvent query)
    {
        var text = query.Text.AsSpan().Trim();
        if (text.Equals("BEGIN", StringComparison.OrdinalIgnoreCase))
        {
            _isOpen = true;
            return Tell(SourceChangeKind.Begin, query);
        }

        if (text.Equals("COMMIT", StringComparison.OrdinalIgnoreCase) || text.Equals("ROLLBACK", StringComparison.OrdinalIgnoreCase))
        {
            return End(query);
        }

        if (StatementChanges.IsSessionControl(text))
        {
            return false;
        }

        StatementChanges.Refuse(query, _isWatched, _parser.File);
        var opensTransaction = text.EndsWith("START TRANSACTION", StringComparison.OrdinalIgnoreCase);
        if (opensTransaction && !_isOpen)
        {
            // CREATE TABLE ... SELECT: the rows follow in the same transaction.
            _isOpen = true;
            return Tell(SourceChangeKind.Statement, query, statement: query);
        }

        if (!_isOpen)
        {
            _commitFollows = true;
        }

        return Tell(SourceChangeKind.Statement, query, statement: query);
    }

    private bool End(BinlogEvent next)
    {
        _current.Timestamp = next.Header.Timestamp;
        return Commit();
    }

    private bool Commit()
    {
        if (_gtid?.Gtid is { } gtid)
        {
            _executed.Add(gtid);
        }

        if (_gtid?.MariaGtid is { } mariaGtid)
        {
            _mariaPosition.Add(mariaGtid);
        }

        (_file, _offset) = (_parser.File, _parser.Offset);
        (_isOpen, _current.Rows, _current.Statement) = (false, null, null);
        _current.Kind = SourceChangeKind.Commit;
        _current.Gtid = GtidText();
        _gtid = null;
        return true;
    }

    private bool Tell(SourceChangeKind kind, BinlogEvent next, RowsEvent? rows = null, QueryEvent? statement = null)
    {
        _current.Kind = kind;
        _current.Timestamp = next.Header.Timestamp;
        _current.Rows = rows;
        _current.Statement = statement;
        if (kind != SourceChangeKind.Rows)
        {
            _current.Gtid = GtidText();
        }

        return true;
    }

    private string GtidText() => _gtid is null || (_gtid.Gtid is null && _gtid.MariaGtid is null) ? string.Empty : _gtid.Text;
}
