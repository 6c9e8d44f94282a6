using System.Diagnostics.CodeAnalysis;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>The start and the errors of pages that hold indexes into a dictionary.</summary>
internal static class DictionaryIndexes
{
    /// <summary>Begins a page: a byte for the width of the indexes, then the RLE hybrid.</summary>
    public static void Begin(RleReader reader, byte[] buffer, int start, int end, int dictionarySize)
    {
        if (dictionarySize < 0)
        {
            CorruptDataException.Throw("A page refers to a dictionary, but its chunk has none.");
        }

        if (start >= end)
        {
            reader.Begin(buffer, start, end, 0);
            return;
        }

        reader.Begin(buffer, start + 1, end, buffer[start]);
    }

    [DoesNotReturn]
    public static void ThrowOutside(int index, int dictionarySize) =>
        CorruptDataException.Throw($"A value refers to entry {index} of a dictionary of {dictionarySize}.");
}
