namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>Capability bits of the handshake (MySQL internals manual, "Capabilities Flags").</summary>
[Flags]
internal enum Capabilities : uint
{
    None = 0,
    LongPassword = 0x1,
    LongFlag = 0x4,
    ConnectWithDatabase = 0x8,
    Protocol41 = 0x200,
    Ssl = 0x800,
    Transactions = 0x2000,
    SecureConnection = 0x8000,
    MultiResults = 0x20000,
    PluginAuth = 0x80000,
    ConnectAttributes = 0x100000,
    PluginAuthLengthEncoded = 0x200000,
    DeprecateEof = 0x1000000,
}
