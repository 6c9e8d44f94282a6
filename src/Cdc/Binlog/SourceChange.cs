namespace PaimonSharp.Cdc.Binlog;

/// <summary>One step of an <see cref="IChangeSource"/>. Reused: valid until the next read.</summary>
public sealed class SourceChange
{
    private readonly Func<BinlogPosition> _position;

    internal SourceChange(Func<BinlogPosition> position) => _position = position;

    /// <summary>What it is.</summary>
    public SourceChangeKind Kind { get; internal set; }

    /// <summary>Seconds since 1970 at the source.</summary>
    public uint Timestamp { get; internal set; }

    /// <summary>The transaction's id as text; empty where the source has none.</summary>
    public string Gtid { get; internal set; } = string.Empty;

    /// <summary>The rows, for <see cref="SourceChangeKind.Rows"/>.</summary>
    public RowsEvent? Rows { get; internal set; }

    /// <summary>The statement, for <see cref="SourceChangeKind.Statement"/>.</summary>
    public QueryEvent? Statement { get; internal set; }

    /// <summary>
    /// Where to resume after the last complete transaction: at <see cref="SourceChangeKind.Commit"/> the position after this one.
    /// </summary>
    public BinlogPosition ResumePosition => _position();
}
