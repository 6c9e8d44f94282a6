namespace PaimonSharp.Storage.Spill;

/// <summary>Some bytes of a spill file.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="StoredBytes">How many there are.</param>
/// <param name="RawBytes">How many they are of; they are compressed when these differ.</param>
/// <param name="Checksum">The xxHash of the stored ones.</param>
internal readonly record struct SpillSection(long Offset, int StoredBytes, int RawBytes, ulong Checksum);
