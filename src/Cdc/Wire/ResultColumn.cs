namespace PaimonSharp.Cdc.Wire;

/// <summary>A column of a result set.</summary>
/// <param name="Name">Its name or alias.</param>
/// <param name="Table">The table's name or alias, empty for an expression.</param>
/// <param name="Database">The table's database, empty for an expression.</param>
/// <param name="Type">The type byte of the protocol (MySQL internals manual, "Column Types").</param>
/// <param name="Flags">Flag bits: 1 not null, 16 blob, 32 unsigned, 128 binary, 256 enum, 2048 set …</param>
/// <param name="Collation">Collation id; 63 is binary.</param>
/// <param name="Length">Greatest display length in bytes.</param>
/// <param name="Decimals">Digits after the point; 31 for floating point.</param>
public sealed record ResultColumn(
    string Name, string Table, string Database, byte Type, int Flags, int Collation, long Length, byte Decimals);
