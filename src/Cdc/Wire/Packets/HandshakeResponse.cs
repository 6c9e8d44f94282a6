namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>
/// The client's answer to the greeting (MySQL internals manual, "Protocol::HandshakeResponse41"); its first 32 bytes are
/// also the request for TLS:
/// <code>
/// | caps u32 | max packet u32 | charset u8 | 0 x 23 | user NUL | auth answer lenenc | database NUL | plugin NUL | attributes |
/// </code>
/// </summary>
internal static class HandshakeResponse
{
    /// <summary>utf8mb4_general_ci: known to every server since 5.5.3.</summary>
    private const byte CharacterSet = 45;

    private const Capabilities Wanted = Capabilities.LongFlag | Capabilities.Protocol41 | Capabilities.Transactions
        | Capabilities.SecureConnection | Capabilities.MultiResults | Capabilities.PluginAuth
        | Capabilities.PluginAuthLengthEncoded | Capabilities.ConnectAttributes | Capabilities.DeprecateEof;

    /// <summary>What this session uses: what we know and the server offers.</summary>
    public static Capabilities Choose(Capabilities offered, bool withTls, bool withDatabase) =>

        // Without the first bit MariaDB would take the last reserved bytes for more capabilities.
        (Wanted & offered) | Capabilities.LongPassword
            | (withTls ? Capabilities.Ssl : Capabilities.None)
            | (withDatabase ? Capabilities.ConnectWithDatabase : Capabilities.None);

    public static void WriteHead(PayloadWriter packet, Capabilities capabilities, int maxPacketBytes) =>
        packet.UInt32((uint)capabilities).UInt32((uint)maxPacketBytes).Byte(CharacterSet).Zeros(23);

    public static void Write(
        PayloadWriter packet, Capabilities capabilities, MySqlConnectionOptions options, string plugin, ReadOnlySpan<byte> answer)
    {
        WriteHead(packet, capabilities, options.MaxPacketBytes);
        packet.NulTerminated(options.User);
        if (capabilities.HasFlag(Capabilities.PluginAuthLengthEncoded))
        {
            packet.LengthEncodedBytes(answer);
        }
        else
        {
            packet.Byte((byte)answer.Length).Bytes(answer);
        }

        if (capabilities.HasFlag(Capabilities.ConnectWithDatabase))
        {
            packet.NulTerminated(options.Database ?? "");
        }

        if (capabilities.HasFlag(Capabilities.PluginAuth))
        {
            packet.NulTerminated(plugin);
        }

        if (capabilities.HasFlag(Capabilities.ConnectAttributes))
        {
            var attributes = new PayloadWriter().LengthEncodedText("_client_name").LengthEncodedText("PaimonSharp");
            packet.LengthEncodedBytes(attributes.Written.Span);
        }
    }
}
