using System.Buffers;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Compression;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Turns the bytes of binlog events, from a file or from the network, into typed events. Give it every event in order with
/// <see cref="Feed"/> and take what is in it with <see cref="TryNext"/> until there is no more: a compressed transaction holds
/// many. Keeps the table maps of the statement, the checksum rule and the position. Rows events are not allocated. Not
/// thread-safe.
/// </summary>
public sealed class BinlogEventParser
{
    private const int ChecksumBytes = 4;
    private const int MaxPayloadBytes = 1 << 30;

    private readonly bool _isStream;
    private readonly RowsEvent _rowsEvent = new();
    private readonly OtherEvent _otherEvent = new();
    private readonly Dictionary<ulong, TableMap> _tables = [];
    private readonly List<TableMap> _active = [];
    private readonly ArrayBufferWriter<byte> _payload = new();
    private FormatDescription? _format;
    private ReadOnlyMemory<byte> _event;
    private int _payloadAt;
    private bool _isInPayload;
    private byte[] _inflated = [];

    /// <summary>Makes a parser.</summary>
    /// <param name="isStream">
    /// True for a server's stream, which decrypts its files; false for files, where an encrypted one is refused.
    /// </param>
    public BinlogEventParser(bool isStream) => _isStream = isStream;

    /// <summary>The file that the events come from, as its ROTATE events name it or as <see cref="StartFile"/> said.</summary>
    public string File { get; private set; } = string.Empty;

    /// <summary>Where the last event fed ends in the file, as a 64-bit offset.</summary>
    public ulong Offset { get; private set; }

    /// <summary>The version text of the server that writes the file, null before its format description.</summary>
    public string? ServerVersion => _format?.ServerVersion;

    /// <summary>True when MariaDB writes the file.</summary>
    public bool IsMariaDb => _format?.IsMariaDb ?? false;

    /// <summary>
    /// What the events' checksums follow before the first format description: what was announced to the server.
    /// </summary>
    public bool ExpectsChecksum { get; set; }

    /// <summary>Begins a file: table maps of the one before are dropped.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="offset">Where its next event begins; 4 after the magic number.</param>
    public void StartFile(string file, ulong offset)
    {
        ArgumentNullException.ThrowIfNull(file);
        File = file;
        Offset = offset;
        DropTables();
    }

    /// <summary>Gives the parser a whole event; everything of the event before must have been taken.</summary>
    /// <param name="bytes">Header, body and checksum; must stay as they are until the next call.</param>
    public void Feed(ReadOnlyMemory<byte> bytes)
    {
        if (!_event.IsEmpty || _isInPayload)
        {
            throw new InvalidOperationException("The event before has not been taken.");
        }

        if (bytes.IsEmpty)
        {
            CorruptDataException.Throw("An empty packet stands where a binlog event belongs.");
        }

        _event = bytes;
    }

    /// <summary>Takes the next event of what was fed.</summary>
    /// <param name="next">The event; a rows event only until the next call.</param>
    /// <returns>False when more must be fed.</returns>
    /// <exception cref="CorruptDataException">A checksum does not fit, or the bytes make no sense.</exception>
    /// <exception cref="PaimonException">The event is of a kind that is refused; the message names it and its position.</exception>
    public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BinlogEvent? next)
    {
        if (_isInPayload)
        {
            next = NextOfPayload();
            if (next is not null)
            {
                return true;
            }
        }

        if (_event.IsEmpty)
        {
            next = null;
            return false;
        }

        var bytes = _event;
        _event = default;
        try
        {
            next = Outer(bytes);
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException(error.Detail, Place(), (long)Offset, error);
        }

        return next is not null || TryNext(out next);
    }

    private string? Place() => File.Length == 0 ? null : File;

    private BinlogEvent? Outer(ReadOnlyMemory<byte> bytes)
    {
        var header = BinlogEventHeader.Read(bytes.Span);
        if (header.EventSize != (uint)bytes.Length)
        {
            CorruptDataException.Throw($"A {header.Type} event of {bytes.Length} bytes says that it has {header.EventSize}.");
        }

        var body = header.Type == BinlogEventType.FormatDescription
            ? ReadFormat(header, bytes)
            : CheckedBody(header, bytes);
        var start = Offset;
        var end = EndOf(header, start);
        var read = header.Type == BinlogEventType.TransactionPayload ? OpenPayload(body) : Read(header, body, start);
        Offset = end;
        if (read is not null)
        {
            (read.Start, read.End, read.IsInPayload) = (start, end, false);
            AfterRead(read);
        }
        else
        {
            _payloadStart = start;
        }

        return read;
    }

    private ulong _payloadStart;

    /// <summary>Adds up sizes where the header does not tell, and completes the header's 32 bits where it does.</summary>
    private ulong EndOf(BinlogEventHeader header, ulong start)
    {
        if (header.IsArtificial || header.Type is BinlogEventType.Heartbeat or BinlogEventType.HeartbeatV2)
        {
            return start;
        }

        var isStreamedFormat = _isStream && header.Type == BinlogEventType.FormatDescription && header.LogPosition == 0;
        var end = isStreamedFormat ? start : start + header.EventSize;
        if (!_isStream || header.LogPosition == 0)
        {
            return end;
        }

        // A source that skips known transactions jumps forward, so the header wins over the sum; its upper half is ours.
        var told = (end & 0xFFFFFFFF00000000) | header.LogPosition;
        return told + 0x80000000 < end ? told + 0x100000000 : told;
    }

    private ReadOnlyMemory<byte> ReadFormat(BinlogEventHeader header, ReadOnlyMemory<byte> bytes)
    {
        var body = bytes[BinlogEventHeader.SizeBytes..];
        var format = FormatDescription.Read(body.Span);
        if (format.HasChecksum)
        {
            // The checksum was made before the server set the in-use bit.
            Span<byte> head = stackalloc byte[BinlogEventHeader.SizeBytes];
            bytes.Span[..head.Length].CopyTo(head);
            head[17] = (byte)(header.Flags & ~BinlogEventHeader.InUseFlag);
            VerifyChecksum(header, Crc32.Compute(body.Span[..^ChecksumBytes], Crc32.Compute(head)), body.Span);
        }

        _format = format;
        return body;
    }

    private ReadOnlyMemory<byte> CheckedBody(BinlogEventHeader header, ReadOnlyMemory<byte> bytes)
    {
        if (!(_format?.HasChecksum ?? ExpectsChecksum))
        {
            return bytes[BinlogEventHeader.SizeBytes..];
        }

        if (bytes.Length < BinlogEventHeader.SizeBytes + ChecksumBytes)
        {
            CorruptDataException.Throw($"A {header.Type} event of {bytes.Length} bytes has no room for its checksum.");
        }

        VerifyChecksum(header, Crc32.Compute(bytes.Span[..^ChecksumBytes]), bytes.Span);
        return bytes[BinlogEventHeader.SizeBytes..^ChecksumBytes];
    }

    private static void VerifyChecksum(BinlogEventHeader header, uint computed, ReadOnlySpan<byte> bytes)
    {
        var stored = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]);
        if (stored != computed)
        {
            CorruptDataException.Throw(
                $"The checksum of a {header.Type} event of {header.EventSize} bytes is {stored:x8}, its bytes give {computed:x8}.");
        }
    }

    private BinlogEvent Read(BinlogEventHeader header, ReadOnlyMemory<byte> body, ulong start)
    {
        if (_format is null && header.Type is not (BinlogEventType.Rotate or BinlogEventType.Heartbeat or BinlogEventType.HeartbeatV2))
        {
            throw header.Type == BinlogEventType.StartV3
                ? Refused(start, "The file is in the binlog format of MySQL 4 (START_V3)")
                : new CorruptDataException($"A {header.Type} event comes before the format description.");
        }

        var kind = RowsEvent.KindOf(header.Type);
        if (kind is not null)
        {
            _rowsEvent.Read(header, body, kind.Value, _format!, _tables);
            return _rowsEvent;
        }

        var read = header.Type == BinlogEventType.TableMap ? ReadTable(body) : ReadControl(header, body.Span, start);
        read.Header = header;
        return read;
    }

    private BinlogEvent ReadControl(BinlogEventHeader header, ReadOnlySpan<byte> body, ulong start)
    {
        switch (header.Type)
        {
            case BinlogEventType.FormatDescription:
                return new FormatDescriptionEvent(_format!);
            case BinlogEventType.MariaQueryCompressed:
                return NotXa(ControlEventReader.ReadQuery(body, ref _inflated, isCompressed: true), start);
            case BinlogEventType.Query:
                return NotXa(ControlEventReader.ReadQuery(body, ref _inflated, isCompressed: false), start);
            case BinlogEventType.MariaGtid:
                var gtid = ControlEventReader.ReadMariaGtid(header, body);
                return gtid.IsXa ? throw Refused(start, $"The transaction {gtid.Text} is an XA transaction") : gtid;
            case BinlogEventType.XaPrepare:
                throw Refused(start, "The event XA_PREPARE belongs to an XA transaction");
            case BinlogEventType.PartialUpdateRows:
                throw Refused(
                    start, "The event PARTIAL_UPDATE_ROWS holds partial JSON (binlog_row_value_options=PARTIAL_JSON)");
            case BinlogEventType.PreGaWriteRows or BinlogEventType.PreGaUpdateRows or BinlogEventType.PreGaDeleteRows:
                throw Refused(start, $"The rows event {header.Type} of MySQL 5.1 before 5.1.18");
            case BinlogEventType.MariaStartEncryption when !_isStream:
                throw Refused(start, "The file is encrypted (START_ENCRYPTION); read it from its server");
            case BinlogEventType.Incident:
                throw new PaimonException(
                    ErrorKind.Refused,
                    $"{File}, at byte {start}: an INCIDENT event says that changes are missing from the log: "
                    + $"{ControlEventReader.ReadIncident(body)}. Take a new snapshot of the tables.");
            default:
                return ControlEventReader.TryRead(header, body)
                    ?? (IsKnownToSkip(header) ? _otherEvent : throw Refused(start, $"The event type {(int)header.Type} is unknown"));
        }
    }

    private static bool IsKnownToSkip(BinlogEventHeader header) =>
        (header.Flags & BinlogEventHeader.IgnorableFlag) != 0
        || header.Type is BinlogEventType.Stop or BinlogEventType.Ignorable or BinlogEventType.TransactionContext
            or BinlogEventType.ViewChange or BinlogEventType.MariaBinlogCheckpoint or BinlogEventType.MariaStartEncryption
            or BinlogEventType.IntVar or BinlogEventType.Rand or BinlogEventType.UserVar or BinlogEventType.BeginLoadQuery
            or BinlogEventType.AppendBlock or BinlogEventType.ExecuteLoadQuery or BinlogEventType.DeleteFile;

    private QueryEvent NotXa(QueryEvent query, ulong start) =>
        query.Text.StartsWith("XA ", StringComparison.OrdinalIgnoreCase)
            ? throw Refused(start, $"The statement '{query.Text}' belongs to an XA transaction")
            : query;

    private PaimonException Refused(ulong start, string what) =>
        new(ErrorKind.Unsupported, $"{File}, at byte {start}: {what}: this is not supported.");

    private TableMapEvent ReadTable(ReadOnlyMemory<byte> body)
    {
        var id = TableIdOf(body.Span);
        if (!_tables.TryGetValue(id, out var table) || !table.HasSameBody(body.Span))
        {
            table = TableMap.Read(body.Span, _format!);
            _tables[id] = table;
            _tableEvents[table] = new TableMapEvent(table);
        }

        if (!table.IsActive)
        {
            table.IsActive = true;
            _active.Add(table);
        }

        return _tableEvents[table];
    }

    private readonly Dictionary<TableMap, TableMapEvent> _tableEvents = [];

    private ulong TableIdOf(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        return _format!.PostHeaderLength(BinlogEventType.TableMap) == 6 ? reader.UInt32() : reader.UInt48();
    }

    private void AfterRead(BinlogEvent read)
    {
        switch (read)
        {
            case RotateEvent rotate:
                StartFile(rotate.NextFile, rotate.NextOffset);
                break;
            case FormatDescriptionEvent:
                DropTables();
                break;
            case RowsEvent { EndsStatement: true }:
                foreach (var table in _active)
                {
                    table.IsActive = false;
                }

                _active.Clear();
                break;
            default:
                break;
        }
    }

    private void DropTables()
    {
        _tables.Clear();
        _tableEvents.Clear();
        _active.Clear();
    }

    /// <summary>TRANSACTION_PAYLOAD: type lenenc, length lenenc, value until type 0, then the compressed events.</summary>
    private BinlogEvent? OpenPayload(ReadOnlyMemory<byte> body)
    {
        var reader = new ByteReader(body.Span);
        ulong algorithm = 255;
        ulong uncompressed = MaxPayloadBytes;
        ulong size = ulong.MaxValue;
        for (var type = reader.LengthEncoded(); type != 0; type = reader.LengthEncoded())
        {
            var field = new ByteReader(reader.Take(reader.Count()));
            switch (type)
            {
                case 1:
                    size = field.LengthEncoded();
                    break;
                case 2:
                    algorithm = field.LengthEncoded();
                    break;
                case 3:
                    uncompressed = field.LengthEncoded();
                    break;
                default:
                    break;
            }
        }

        var payload = reader.Take(size == ulong.MaxValue ? reader.Remaining : (long)Math.Min(size, long.MaxValue));
        Decompress(payload, algorithm, uncompressed);
        _isInPayload = true;
        _payloadAt = 0;
        return null;
    }

    private void Decompress(ReadOnlySpan<byte> payload, ulong algorithm, ulong uncompressed)
    {
        _payload.ResetWrittenCount();
        if (algorithm == 255)
        {
            _payload.Write(payload);
            return;
        }

        if (algorithm != 0)
        {
            throw Refused(Offset, $"The TRANSACTION_PAYLOAD event is compressed by algorithm {algorithm} (0 is zstd)");
        }

        if (uncompressed > MaxPayloadBytes)
        {
            throw Refused(Offset, $"The TRANSACTION_PAYLOAD event holds {uncompressed} bytes, more than {MaxPayloadBytes}");
        }

        var written = Zstd.Decompress(payload, _payload, (long)uncompressed);
        if (uncompressed != MaxPayloadBytes && written != (long)uncompressed)
        {
            CorruptDataException.Throw($"A TRANSACTION_PAYLOAD event claims {uncompressed} bytes and holds {written}.");
        }
    }

    /// <summary>Events inside have no checksum and no position of their own.</summary>
    private BinlogEvent? NextOfPayload()
    {
        var rest = _payload.WrittenMemory[_payloadAt..];
        if (rest.IsEmpty)
        {
            _isInPayload = false;
            return null;
        }

        try
        {
            var header = BinlogEventHeader.Read(rest.Span);
            if (header.EventSize > (uint)rest.Length || header.Type is BinlogEventType.TransactionPayload
                or BinlogEventType.FormatDescription or BinlogEventType.Rotate)
            {
                CorruptDataException.Throw($"A {header.Type} event of {header.EventSize} bytes stands in a payload with {rest.Length} bytes left.");
            }

            _payloadAt += (int)header.EventSize;
            var read = Read(header, rest[BinlogEventHeader.SizeBytes..(int)header.EventSize], _payloadStart);
            (read.Start, read.End, read.IsInPayload) = (_payloadStart, Offset, true);
            AfterRead(read);
            return read;
        }
        catch (CorruptDataException error) when (error.Path is null)
        {
            throw new CorruptDataException("Inside a TRANSACTION_PAYLOAD event: " + error.Detail, Place(), (long)_payloadStart, error);
        }
    }
}
