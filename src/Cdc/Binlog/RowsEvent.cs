using System.Buffers.Binary;
using System.IO.Compression;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// WRITE_ROWS, UPDATE_ROWS or DELETE_ROWS of version 1 or 2, also MariaDB's compressed ones. Reused: valid until the parser is
/// asked for the next event. <see cref="RowsDecoder"/> reads the rows.
/// <code>
/// table id u48 | flags u16 | v2: extra length u16, extra | lenenc columns | present bits | UPDATE: present bits after | rows
/// </code>
/// </summary>
public sealed class RowsEvent : BinlogEvent
{
    private const int MaxInflatedBytes = 1 << 30;
    private byte[] _inflated = [];
    private ReadOnlyMemory<byte> _rows;

    internal RowsEvent()
    {
    }

    /// <summary>The table, null for a dummy event that only ends the statement.</summary>
    public TableMap? Table { get; private set; }

    /// <summary>What the event does.</summary>
    public RowsKind Kind { get; private set; }

    /// <summary>True when the statement ends with this event.</summary>
    public bool EndsStatement { get; private set; }

    /// <summary>True when every image has all columns (<c>binlog_row_image=FULL</c>).</summary>
    public bool IsFullImage { get; private set; }

    internal ReadOnlySpan<byte> Rows => _rows.Span;

    internal static RowsKind? KindOf(BinlogEventType type) => type switch
    {
        BinlogEventType.WriteRowsV1 or BinlogEventType.WriteRowsV2 or BinlogEventType.MariaWriteRowsCompressedV1
            or BinlogEventType.MariaWriteRowsCompressedV2 => RowsKind.Write,
        BinlogEventType.UpdateRowsV1 or BinlogEventType.UpdateRowsV2 or BinlogEventType.MariaUpdateRowsCompressedV1
            or BinlogEventType.MariaUpdateRowsCompressedV2 => RowsKind.Update,
        BinlogEventType.DeleteRowsV1 or BinlogEventType.DeleteRowsV2 or BinlogEventType.MariaDeleteRowsCompressedV1
            or BinlogEventType.MariaDeleteRowsCompressedV2 => RowsKind.Delete,
        _ => null,
    };

    internal void Read(
        BinlogEventHeader header, ReadOnlyMemory<byte> body, RowsKind kind, FormatDescription format, Dictionary<ulong, TableMap> tables)
    {
        Header = header;
        Kind = kind;
        var reader = new ByteReader(body.Span);
        var id = format.PostHeaderLength(header.Type) == 6 ? reader.UInt32() : reader.UInt48();
        EndsStatement = (reader.UInt16() & 1) != 0;
        if (header.Type is >= BinlogEventType.WriteRowsV2 and <= BinlogEventType.DeleteRowsV2
            or >= BinlogEventType.MariaWriteRowsCompressedV2)
        {
            SkipExtraData(ref reader);
        }

        Table = null;
        _rows = default;
        if (id == TableMap.DummyId && EndsStatement)
        {
            return;
        }

        if (!tables.TryGetValue(id, out var table) || !table.IsActive)
        {
            CorruptDataException.Throw($"A {header.Type} event names table id {id}, which no table map of the statement describes.");
        }

        ReadBody(body, ref reader, table!, header.Type >= BinlogEventType.MariaWriteRowsCompressedV1);
        Table = table;
    }

    private void ReadBody(ReadOnlyMemory<byte> body, ref ByteReader reader, TableMap table, bool isCompressed)
    {
        var columns = reader.LengthEncoded();
        if (columns != (ulong)table.ColumnCount)
        {
            CorruptDataException.Throw($"A rows event of {table} has {columns} columns, its table map {table.ColumnCount}.");
        }

        var bitmap = (table.ColumnCount + 7) / 8;
        IsFullImage = HasAllBits(reader.Take(bitmap), table.ColumnCount);
        if (Kind == RowsKind.Update)
        {
            IsFullImage &= HasAllBits(reader.Take(bitmap), table.ColumnCount);
        }

        _rows = isCompressed ? Inflate(body.Span[reader.Position..], ref _inflated) : body[reader.Position..];
    }

    /// <summary>The length counts its own two bytes.</summary>
    private static void SkipExtraData(ref ByteReader reader)
    {
        var length = reader.UInt16();
        if (length < 2)
        {
            CorruptDataException.Throw($"The extra data of a rows event has the impossible length {length}.");
        }

        var extra = new ByteReader(reader.Take(length - 2));
        while (extra.Remaining > 0)
        {
            switch (extra.Byte())
            {
                case 0:
                    var ndb = extra.Byte();
                    extra.Take(ndb - 1);
                    break;
                case 1:
                    extra.UInt16();
                    extra.Take(extra.Remaining is 2 ? 2 : 0);
                    break;
                case var other:
                    CorruptDataException.Throw($"The extra data of a rows event begins with the unknown type {other}.");
                    break;
            }
        }
    }

    private static bool HasAllBits(ReadOnlySpan<byte> bits, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if ((bits[i >> 3] & (1 << (i & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>MariaDB's compressed form: 0x80 | algorithm &lt;&lt; 4 | n, original length big-endian in n bytes, zlib stream.</summary>
    internal static ReadOnlyMemory<byte> Inflate(ReadOnlySpan<byte> bytes, ref byte[] buffer)
    {
        var reader = new ByteReader(bytes);
        var head = reader.Byte();
        var lengthBytes = head & 7;
        if ((head & 0x80) == 0 || lengthBytes is < 1 or > 4)
        {
            CorruptDataException.Throw($"Compressed data of an event begins with 0x{head:X2}.");
        }

        if (((head >> 4) & 7) != 0)
        {
            throw new PaimonException(ErrorKind.Unsupported, $"Compression algorithm {(head >> 4) & 7} of a binlog event is not supported; zlib (0) is.");
        }

        Span<byte> four = stackalloc byte[4];
        four.Clear();
        reader.Take(lengthBytes).CopyTo(four[(4 - lengthBytes)..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(four);
        if (length > MaxInflatedBytes || length / 1100 > (uint)reader.Remaining)
        {
            CorruptDataException.Throw($"Compressed data of {reader.Remaining} bytes claims to hold {length} bytes.");
        }

        if (buffer.Length < length)
        {
            buffer = new byte[length];
        }

        InflateZlib(reader.Rest, buffer.AsSpan(0, (int)length));
        return buffer.AsMemory(0, (int)length);
    }

    private static void InflateZlib(ReadOnlySpan<byte> zlib, Span<byte> target)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(zlib.ToArray()), CompressionMode.Decompress);
            stream.ReadExactly(target);
            if (stream.ReadByte() >= 0)
            {
                CorruptDataException.Throw($"Compressed data of an event holds more than the {target.Length} bytes it claims.");
            }
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw new CorruptDataException("Compressed data of an event cannot be decompressed.", innerException: cause);
        }
    }
}
