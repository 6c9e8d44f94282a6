namespace PaimonSharp.Cdc.Wire.Packets;

/// <summary>Status bits of OK and EOF packets.</summary>
[Flags]
internal enum ServerStatus : ushort
{
    None = 0,
    InTransaction = 0x1,
    AutoCommit = 0x2,
    MoreResults = 0x8,
}
