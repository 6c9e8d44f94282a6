namespace PaimonSharp.Cdc.Binlog;

/// <summary>What a <see cref="SourceChange"/> is.</summary>
public enum SourceChangeKind
{
    /// <summary>A transaction begins.</summary>
    Begin,

    /// <summary>Rows of a table changed, within a transaction.</summary>
    Rows,

    /// <summary>A statement that is not a change of rows: data definition. It may stand alone or within a transaction.</summary>
    Statement,

    /// <summary>The transaction or the statement of its own is complete; the position after it can be resumed from.</summary>
    Commit,

    /// <summary>Nothing happened; the source is alive.</summary>
    Heartbeat,
}
