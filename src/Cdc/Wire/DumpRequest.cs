using System.Buffers;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// From where and how to stream the binary log. Exactly one start: file and position, or <see cref="EncodedGtidSet"/>
/// (MySQL), or <see cref="MariaDbGtidPosition"/> (MariaDB).
/// </summary>
public sealed record DumpRequest
{
    /// <summary>The first event of a binlog file begins here, after the magic number.</summary>
    public const ulong FirstPosition = 4;

    private static readonly SearchValues<char> GtidCharacters = SearchValues.Create("0123456789-, ");

    /// <summary>The number of this replica; the server throws out another one of the same number and no uuid.</summary>
    public required uint ServerId { get; init; }

    /// <summary>The binlog file to start in; empty for the oldest.</summary>
    public string File { get; init; } = "";

    /// <summary>The byte position in <see cref="File"/>: the beginning of an event.</summary>
    public ulong Position { get; init; } = FirstPosition;

    /// <summary>
    /// MySQL: the GTIDs that the reader has, in the wire encoding (classic or tagged); the server sends all others.
    /// </summary>
    public ReadOnlyMemory<byte>? EncodedGtidSet { get; init; }

    /// <summary>MariaDB: the GTID position that the reader has, as <c>0-1-100,1-2-7</c>; empty means from the oldest file.</summary>
    public string? MariaDbGtidPosition { get; init; }

    /// <summary>MariaDB: whether holes and unknown GTIDs are errors, as <c>gtid_strict_mode</c> has it.</summary>
    public bool MariaDbStrictMode { get; init; }

    /// <summary>The uuid of this replica, null for none; the server throws out an older connection of the same uuid.</summary>
    public string? ReplicaUuid { get; init; }

    /// <summary>The name that <c>SHOW REPLICAS</c> prints, at most 60 bytes.</summary>
    public string ReplicaName { get; init; } = "paimonsharp";

    /// <summary>Stop at the end of the last file instead of waiting for more.</summary>
    public bool NonBlocking { get; init; }

    /// <summary>MariaDB: send the ANNOTATE_ROWS events, without which positions cannot be summed up.</summary>
    public bool AnnotateRows { get; init; } = true;

    /// <summary>The server sends a heartbeat when it sent no event for this long.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A longer silence than this means that the connection is dead; null for three heartbeats, at least 10 s.</summary>
    public TimeSpan? ReadTimeout { get; init; }

    /// <summary>How long the server holds the connection while this reader does not read.</summary>
    public TimeSpan NetWriteTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The silence in use.</summary>
    public TimeSpan EffectiveReadTimeout =>
        ReadTimeout ?? TimeSpan.FromSeconds(Math.Max(10, 3 * HeartbeatPeriod.TotalSeconds));

    /// <summary>True when the start is a GTID set or position.</summary>
    public bool StartsByGtid => EncodedGtidSet is not null || MariaDbGtidPosition is not null;

    /// <summary>The start as text for messages.</summary>
    public string Start => MariaDbGtidPosition is { } gtids ? $"GTID position '{gtids}'"
        : EncodedGtidSet is not null ? "a GTID set"
        : File.Length == 0 ? "the oldest binlog file" : $"{File}:{Position}";

    /// <summary>Refuses what the server cannot do or would misunderstand.</summary>
    /// <param name="server">The server that is asked.</param>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/> or <see cref="ErrorKind.Unsupported"/>.</exception>
    public void Validate(ServerVersion server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (ServerId == 0)
        {
            PaimonException.ThrowInvalid("The server id of a replica must not be 0.");
        }

        if (EncodedGtidSet is not null && server.IsMariaDb)
        {
            PaimonException.ThrowInvalid($"A MySQL GTID set means nothing to {server}: start by a MariaDB GTID position or by file.");
        }

        if (MariaDbGtidPosition is not null && !server.IsMariaDb)
        {
            PaimonException.ThrowInvalid($"A MariaDB GTID position means nothing to {server}: start by a GTID set or by file.");
        }

        if (MariaDbGtidPosition.AsSpan().ContainsAnyExcept(GtidCharacters))
        {
            PaimonException.ThrowInvalid($"'{MariaDbGtidPosition}' is no MariaDB GTID position such as 0-1-100,1-2-7.");
        }

        if (StartsByGtid && (File.Length > 0 || Position != FirstPosition))
        {
            PaimonException.ThrowInvalid("A binlog dump starts by GTID or by file and position, not by both.");
        }

        if (Position < FirstPosition)
        {
            PaimonException.ThrowInvalid($"Binlog position {Position} is inside the file's magic number: the first is 4.");
        }

        if (Position > uint.MaxValue)
        {
            PaimonException.ThrowUnsupported(
                $"Binlog position {Position} of {File} is beyond 4 GiB, which the protocol cannot ask for: start by GTID.");
        }

        if (HeartbeatPeriod < TimeSpan.FromMilliseconds(1) || HeartbeatPeriod > TimeSpan.FromSeconds(4294967))
        {
            PaimonException.ThrowInvalid("The heartbeat period must be between 1 ms and 4294967 s.");
        }

        if (EffectiveReadTimeout <= HeartbeatPeriod)
        {
            PaimonException.ThrowInvalid("The read timeout of a binlog dump must be longer than the heartbeat period.");
        }

        if (ReplicaUuid is not null && !Guid.TryParseExact(ReplicaUuid, "D", out _))
        {
            PaimonException.ThrowInvalid($"The replica uuid '{ReplicaUuid}' is no uuid of 36 characters.");
        }

        if (Encoding.UTF8.GetByteCount(ReplicaName) > 60)
        {
            PaimonException.ThrowInvalid("The name of a replica has more than 60 bytes.");
        }
    }
}
