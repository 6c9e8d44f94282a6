namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>The first byte of a command packet.</summary>
internal enum Command : byte
{
    Quit = 0x01,
    Query = 0x03,
    Ping = 0x0e,
    BinlogDump = 0x12,
    RegisterReplica = 0x15,
    BinlogDumpGtid = 0x1e,
}
