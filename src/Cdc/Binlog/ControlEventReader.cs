using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>Reads the bodies of the events that carry no rows (MySQL internals manual, "Binlog Event").</summary>
internal static class ControlEventReader
{
    public static BinlogEvent? TryRead(BinlogEventHeader header, ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        switch (header.Type)
        {
            case BinlogEventType.Rotate:
                var offset = reader.UInt64();
                return new RotateEvent(Encoding.UTF8.GetString(reader.Rest), offset);
            case BinlogEventType.Xid:
                return new XidEvent(reader.UInt64());
            case BinlogEventType.Gtid:
                reader.Byte();
                var source = new Guid(reader.Take(16), bigEndian: true);
                return new GtidEvent { Gtid = new Gtid(source, string.Empty, CheckedNumber(reader.Int64())) };
            case BinlogEventType.AnonymousGtid:
                return new GtidEvent();
            case BinlogEventType.GtidTagged:
                return ReadTaggedGtid(body);
            case BinlogEventType.PreviousGtids:
                return new PreviousGtidsEvent { Executed = GtidSet.Decode(body) };
            case BinlogEventType.MariaGtidList:
                return ReadGtidList(ref reader);
            case BinlogEventType.RowsQuery:
                reader.Byte();
                return new RowsQueryEvent(Text(reader.Rest, 0));
            case BinlogEventType.MariaAnnotateRows:
                return new RowsQueryEvent(Text(body, 0));
            case BinlogEventType.Heartbeat:
                return new HeartbeatEvent(Encoding.UTF8.GetString(body), header.LogPosition);
            case BinlogEventType.HeartbeatV2:
                return ReadHeartbeat(ref reader);
            default:
                return null;
        }
    }

    /// <summary>
    /// thread u32 | seconds u32 | u8 database length | error u16 | status length u16 | status | database 00 | statement
    /// </summary>
    public static QueryEvent ReadQuery(ReadOnlySpan<byte> body, ref byte[] buffer, bool isCompressed)
    {
        var reader = new ByteReader(body);
        reader.Take(8);
        var databaseLength = reader.Byte();
        reader.UInt16();
        var status = reader.Take(reader.UInt16());
        var database = Encoding.UTF8.GetString(reader.Take(databaseLength));
        reader.Byte();
        var (sqlMode, collation) = ReadStatus(status);
        var text = isCompressed ? RowsEvent.Inflate(reader.Rest, ref buffer).Span : reader.Rest;
        return new QueryEvent(database, Text(text, collation), sqlMode);
    }

    public static string ReadIncident(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var number = reader.UInt16();
        var text = reader.Remaining > 0 ? Encoding.UTF8.GetString(reader.Take(Math.Min(reader.Byte(), reader.Remaining))) : string.Empty;
        return $"incident {number} '{text}'";
    }

    /// <summary>
    /// sequence u64 | domain u32 | flags u8 | [2: commit id u64] | [0x40, 0x80: XA id]; zero padded.
    /// </summary>
    public static GtidEvent ReadMariaGtid(BinlogEventHeader header, ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var sequence = reader.UInt64();
        var domain = reader.UInt32();
        var flags = reader.Byte();
        if ((flags & 2) != 0)
        {
            reader.UInt64();
        }

        if ((flags & 0xC0) != 0)
        {
            reader.UInt32();
            int idBytes = reader.Byte();
            idBytes += reader.Byte();
            reader.Take(idBytes);
        }

        return new GtidEvent
        {
            MariaGtid = new MariaGtid(domain, header.ServerId, sequence),
            IsStandalone = (flags & 1) != 0,
            IsXa = (flags & 0xC0) != 0,
        };
    }

    /// <summary>mysql::serialization: version, size, last required field, then (field id, value) pairs in ascending order.</summary>
    private static GtidEvent ReadTaggedGtid(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var version = reader.Varint();
        if (version != 1)
        {
            throw new PaimonException(ErrorKind.Unsupported, $"GTID events in serialization version {version} are not supported; 1 is.");
        }

        reader.Varint();
        reader.Varint();
        Span<byte> uuid = stackalloc byte[16];
        var tag = string.Empty;
        long number = 0;
        while (reader.Remaining > 0)
        {
            var field = reader.Varint();
            if (field == 1)
            {
                foreach (ref var part in uuid)
                {
                    part = (byte)reader.Varint();
                }
            }
            else if (field == 2)
            {
                number = reader.SignedVarint();
            }
            else if (field == 3)
            {
                tag = Encoding.ASCII.GetString(reader.Take((long)Math.Min(reader.Varint(), 1 << 16)));
            }
            else if (field is 0 or (>= 4 and <= 11))
            {
                reader.Varint();
            }
            else
            {
                break; // Fields of later releases come last and are not needed.
            }
        }

        return new GtidEvent { Gtid = new Gtid(new Guid(uuid, bigEndian: true), tag, CheckedNumber(number)) };
    }

    /// <summary>Count in the low 28 bits, flags above; per entry domain u32, server u32, sequence u64.</summary>
    private static PreviousGtidsEvent ReadGtidList(ref ByteReader reader)
    {
        var count = (int)(reader.UInt32() & 0x0FFFFFFF);
        if (count > reader.Remaining / 16)
        {
            CorruptDataException.Throw($"A GTID list of {count} entries does not fit its {reader.Remaining} bytes.");
        }

        var gtids = new MariaGtid[count];
        for (var i = 0; i < count; i++)
        {
            gtids[i] = new MariaGtid(reader.UInt32(), reader.UInt32(), reader.UInt64());
        }

        return new PreviousGtidsEvent { MariaGtids = gtids };
    }

    private static HeartbeatEvent ReadHeartbeat(ref ByteReader reader)
    {
        var file = string.Empty;
        ulong offset = 0;
        for (var type = reader.LengthEncoded(); type != 0; type = reader.LengthEncoded())
        {
            var value = reader.Take(reader.Count());
            if (type == 1)
            {
                file = Encoding.UTF8.GetString(value);
            }
            else if (type == 2)
            {
                offset = new ByteReader(value).LengthEncoded();
            }
        }

        return new HeartbeatEvent(file, offset);
    }

    private static long CheckedNumber(long number)
    {
        if (number is < 1 or long.MaxValue)
        {
            CorruptDataException.Throw($"The GTID number {number} cannot be.");
        }

        return number;
    }

    /// <summary>The status variables up to the client's character set; they are sized only by knowing them.</summary>
    private static (ulong? SqlMode, int Collation) ReadStatus(ReadOnlySpan<byte> status)
    {
        var reader = new ByteReader(status);
        ulong? sqlMode = null;
        while (reader.Remaining > 0)
        {
            switch (reader.Byte())
            {
                case 0:
                    reader.UInt32();
                    break;
                case 1:
                    sqlMode = reader.UInt64();
                    break;
                case 2:
                    reader.Take(reader.Byte() + 1);
                    break;
                case 3:
                    reader.UInt32();
                    break;
                case 4:
                    return (sqlMode, reader.UInt16());
                case 5 or 6:
                    reader.Take(reader.Byte());
                    break;
                default:
                    return (sqlMode, 0);
            }
        }

        return (sqlMode, 0);
    }

    /// <summary>A statement may hold binary literals, so bytes that are not of the set are kept as Latin-1.</summary>
    private static string Text(ReadOnlySpan<byte> bytes, int collation)
    {
        var name = CollationIds.CharsetOf(collation);
        if (name is not null && name is not ("utf8mb4" or "utf8mb3" or "binary"))
        {
            try
            {
                return MySqlCharset.ForName(name).GetString(bytes);
            }
            catch (CorruptDataException)
            {
                return Encoding.Latin1.GetString(bytes);
            }
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }
}
