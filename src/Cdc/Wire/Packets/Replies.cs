using System.Text;

namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>The replies that every command shares, told apart by their first byte.</summary>
internal static class Replies
{
    public const byte Ok = 0x00;
    public const byte LocalInfile = 0xfb;
    public const byte Eof = 0xfe;
    public const byte Error = 0xff;

    private const int MaxEofBytes = 9;

    public static bool IsError(ReadOnlySpan<byte> payload) => payload.Length > 0 && payload[0] == Error;

    /// <summary>The old end marker: <c>fe</c>, warnings u16, status u16.</summary>
    public static bool IsEof(ReadOnlySpan<byte> payload) => payload.Length is > 0 and < MaxEofBytes && payload[0] == Eof;

    /// <summary>Reads an OK packet: header, affected rows, last insert id, status u16, warnings u16, text.</summary>
    public static (CommandResult Result, ServerStatus Status) ReadOk(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        var affected = reader.ReadLengthEncoded();
        var lastInsertId = reader.ReadLengthEncoded();
        var status = (ServerStatus)reader.ReadUInt16();
        var warnings = reader.ReadUInt16();
        return (new CommandResult(affected, lastInsertId, warnings), status);
    }

    public static ServerStatus ReadEofStatus(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        if (reader.Remaining == 0)
        {
            return ServerStatus.None;
        }

        reader.ReadUInt16();
        return (ServerStatus)reader.ReadUInt16();
    }

    /// <summary>Reads an error packet: <c>ff</c>, code u16, <c>#</c> and five characters of state (not before login), text.</summary>
    public static (int Code, string SqlState, string Message) ReadError(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        reader.ReadByte();
        var code = reader.ReadUInt16();
        var rest = reader.ReadRest();
        var state = "";
        if (rest.Length >= 6 && rest[0] == (byte)'#')
        {
            state = Encoding.UTF8.GetString(rest[1..6]);
            rest = rest[6..];
        }

        return (code, state, Encoding.UTF8.GetString(rest));
    }
}
