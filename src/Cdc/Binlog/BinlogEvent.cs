namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// An event as <see cref="BinlogEventParser"/> hands it out. Rows events are reused: they are valid until the parser is asked
/// for the next event.
/// </summary>
public abstract class BinlogEvent
{
    /// <summary>The event's header.</summary>
    public BinlogEventHeader Header { get; internal set; }

    /// <summary>Where the event begins in its file.</summary>
    public ulong Start { get; internal set; }

    /// <summary>Where the event ends in its file; of events in a compressed payload, the payload's end.</summary>
    public ulong End { get; internal set; }

    /// <summary>True for events inside a compressed transaction.</summary>
    public bool IsInPayload { get; internal set; }
}
