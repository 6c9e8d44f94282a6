namespace PaimonSharp.Cdc.Binlog;

/// <summary>FORMAT_DESCRIPTION: a file begins.</summary>
public sealed class FormatDescriptionEvent : BinlogEvent
{
    internal FormatDescriptionEvent(FormatDescription format) => Format = format;

    /// <summary>The version text of the server that wrote the file.</summary>
    public string ServerVersion => Format.ServerVersion;

    /// <summary>True when MariaDB wrote the file.</summary>
    public bool IsMariaDb => Format.IsMariaDb;

    internal FormatDescription Format { get; }
}

/// <summary>ROTATE: the log goes on in another file.</summary>
public sealed class RotateEvent : BinlogEvent
{
    internal RotateEvent(string nextFile, ulong nextOffset)
    {
        NextFile = nextFile;
        NextOffset = nextOffset;
    }

    /// <summary>The name of the next file.</summary>
    public string NextFile { get; }

    /// <summary>The offset in it.</summary>
    public ulong NextOffset { get; }
}

/// <summary>GTID, ANONYMOUS_GTID, tagged GTID or MariaDB's GTID: a transaction or a statement of its own begins.</summary>
public sealed class GtidEvent : BinlogEvent
{
    internal GtidEvent()
    {
    }

    /// <summary>MySQL's id; null for anonymous transactions and MariaDB.</summary>
    public Gtid? Gtid { get; internal init; }

    /// <summary>MariaDB's id; null for MySQL.</summary>
    public MariaGtid? MariaGtid { get; internal init; }

    /// <summary>MariaDB: true when one statement follows and no end.</summary>
    public bool IsStandalone { get; internal init; }

    /// <summary>True when the group prepares or completes an XA transaction (MariaDB says so here).</summary>
    public bool IsXa { get; internal init; }

    /// <summary>The id as text, <c>ANONYMOUS</c> without one.</summary>
    public string Text => Gtid?.ToString() ?? MariaGtid?.ToString() ?? "ANONYMOUS";
}

/// <summary>PREVIOUS_GTIDS (MySQL) or GTID_LIST (MariaDB): what happened before the file.</summary>
public sealed class PreviousGtidsEvent : BinlogEvent
{
    internal PreviousGtidsEvent()
    {
    }

    /// <summary>MySQL's set; null for MariaDB.</summary>
    public GtidSet? Executed { get; internal init; }

    /// <summary>MariaDB's list; null for MySQL.</summary>
    public IReadOnlyList<MariaGtid>? MariaGtids { get; internal init; }
}

/// <summary>QUERY: BEGIN, COMMIT, data definition, or a change in statement format.</summary>
public sealed class QueryEvent : BinlogEvent
{
    internal QueryEvent(string database, string text, ulong? sqlMode)
    {
        Database = database;
        Text = text;
        SqlMode = sqlMode;
    }

    /// <summary>The default database of the session, empty without one.</summary>
    public string Database { get; }

    /// <summary>The statement; bytes that are no text of the client's character set are kept as Latin-1.</summary>
    public string Text { get; }

    /// <summary>The session's <c>sql_mode</c> bits, where the event has them.</summary>
    public ulong? SqlMode { get; }

    /// <summary>True under <c>ANSI_QUOTES</c>: double quotes enclose names.</summary>
    public bool IsAnsiQuotes => (SqlMode & 0x4) != 0;

    /// <summary>True under <c>NO_BACKSLASH_ESCAPES</c>.</summary>
    public bool IsNoBackslashEscapes => (SqlMode & 0x100000) != 0;
}

/// <summary>ROWS_QUERY or ANNOTATE_ROWS: the statement behind the rows events that follow.</summary>
public sealed class RowsQueryEvent : BinlogEvent
{
    internal RowsQueryEvent(string text) => Text = text;

    /// <summary>The statement.</summary>
    public string Text { get; }
}

/// <summary>XID: the transaction is committed.</summary>
public sealed class XidEvent : BinlogEvent
{
    internal XidEvent(ulong xid) => Xid = xid;

    /// <summary>The storage engine's number of the transaction.</summary>
    public ulong Xid { get; }
}

/// <summary>TABLE_MAP: describes the table of rows events that follow.</summary>
public sealed class TableMapEvent : BinlogEvent
{
    internal TableMapEvent(TableMap table) => Table = table;

    /// <summary>The table as this statement sees it.</summary>
    public TableMap Table { get; }
}

/// <summary>HEARTBEAT, version 1 or 2: the source has nothing to send.</summary>
public sealed class HeartbeatEvent : BinlogEvent
{
    internal HeartbeatEvent(string file, ulong offset)
    {
        File = file;
        Offset = offset;
    }

    /// <summary>The source's current file.</summary>
    public string File { get; }

    /// <summary>The offset in it; version 1 tells it modulo 2^32.</summary>
    public ulong Offset { get; }
}

/// <summary>An event without meaning for row changes: STOP, checkpoints, group replication, vendors' ignorable ones.</summary>
public sealed class OtherEvent : BinlogEvent
{
    internal OtherEvent()
    {
    }
}
