namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Where the rows of a value are in a bitmap index.</summary>
/// <param name="Key">The value.</param>
/// <param name="Offset">Where its bitmap begins in the body; negative: -1 minus its only row.</param>
/// <param name="Length">The bitmap's bytes; -1 where not stated.</param>
internal readonly record struct BitmapIndexEntry(IndexKey Key, int Offset, int Length);
