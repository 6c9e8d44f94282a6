using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>
/// The server's first packet (MySQL internals manual, "Protocol::HandshakeV10"):
/// <code>
/// | 0x0a | version NUL | thread u32 | salt 8 | 0 | caps low u16 | charset u8 | status u16 | caps high u16 |
/// | salt length u8 | reserved 10 | salt rest, at least 13, last one NUL | plugin name NUL |
/// </code>
/// </summary>
internal sealed record Greeting(
    ServerVersion Version, uint ConnectionId, Capabilities Capabilities, byte[] Salt, string AuthPlugin)
{
    public const int SaltBytes = 20;

    private const byte ProtocolVersion = 0x0a;
    private const byte OldProtocolVersion = 0x09;
    private const byte DocumentProtocolVersion = 0x0b;

    public static Greeting Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var protocol = reader.ReadByte();
        if (protocol != ProtocolVersion)
        {
            PaimonException.ThrowUnsupported(protocol switch
            {
                OldProtocolVersion => "The server speaks protocol 9 of before MySQL 4.1, which is too old.",
                DocumentProtocolVersion => "This is the port of MySQL's X protocol: name the classic port (3306 by default).",
                _ => $"The server greets with protocol {protocol} instead of 10: this is no MySQL or MariaDB server port.",
            });
        }

        var version = ServerVersion.Parse(Encoding.UTF8.GetString(reader.ReadNulTerminated()));
        var connectionId = reader.ReadUInt32();
        var salt = new byte[SaltBytes];
        reader.ReadBytes(8).CopyTo(salt);
        reader.ReadByte();
        var capabilities = (Capabilities)reader.ReadUInt16();
        if (reader.Remaining == 0 || !capabilities.HasFlag(Capabilities.Protocol41))
        {
            PaimonException.ThrowUnsupported($"Server {version.Text} has no protocol of MySQL 4.1 or later.");
        }

        reader.ReadBytes(3);
        capabilities |= (Capabilities)((uint)reader.ReadUInt16() << 16);
        var saltLength = reader.ReadByte();
        reader.ReadBytes(10);
        if (!capabilities.HasFlag(Capabilities.SecureConnection))
        {
            PaimonException.ThrowUnsupported($"Server {version.Text} has no secure login of MySQL 4.1 or later.");
        }

        var rest = reader.ReadBytes(Math.Min(reader.Remaining, Math.Max(13, saltLength - 8)));
        if (rest.Length < SaltBytes - 8)
        {
            CorruptDataException.Throw($"The server's greeting has a salt of {8 + rest.Length} bytes, expected {SaltBytes}");
        }

        rest[..(SaltBytes - 8)].CopyTo(salt.AsSpan(8));
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth)
            ? Encoding.UTF8.GetString(reader.ReadNulTerminated(endMayClose: true))
            : "";
        return new(version, connectionId, capabilities, salt, plugin);
    }
}
