using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The 19 bytes before every event:
/// <code>
/// timestamp u32 | type u8 | server id u32 | event size u32 | log position u32 | flags u16
/// </code>
/// The size counts header, body and checksum; the log position is the event's end in its file modulo 2^32, or 0.
/// </summary>
/// <param name="Timestamp">Seconds since 1970 at the statement's start.</param>
/// <param name="Type">The event's type.</param>
/// <param name="ServerId">The server where the change was made.</param>
/// <param name="EventSize">Bytes of the whole event.</param>
/// <param name="LogPosition">The end of the event, modulo 2^32; 0 where the server does not say.</param>
/// <param name="Flags">The bits below.</param>
public readonly record struct BinlogEventHeader(
    uint Timestamp, BinlogEventType Type, uint ServerId, uint EventSize, uint LogPosition, ushort Flags)
{
    /// <summary>The bytes of a header.</summary>
    public const int SizeBytes = 19;

    internal const ushort InUseFlag = 0x01;
    internal const ushort ArtificialFlag = 0x20;
    internal const ushort IgnorableFlag = 0x80;

    /// <summary>True for events that a server made for the stream and that stand in no file.</summary>
    public bool IsArtificial => (Flags & ArtificialFlag) != 0;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">At least <see cref="SizeBytes"/> bytes.</param>
    /// <exception cref="CorruptDataException">The event would be smaller than its header.</exception>
    public static BinlogEventHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SizeBytes)
        {
            CorruptDataException.Throw($"A binlog event header has {SizeBytes} bytes, not {bytes.Length}.");
        }

        var header = new BinlogEventHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            (BinlogEventType)bytes[4],
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[13..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[17..]));
        if (header.EventSize < SizeBytes)
        {
            CorruptDataException.Throw(
                $"A binlog event of type {header.Type} says that it has {header.EventSize} bytes; its header alone has {SizeBytes}.");
        }

        return header;
    }
}
