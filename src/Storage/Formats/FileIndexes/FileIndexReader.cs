using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Answers conditions on one column of one file by an index. For one thread at a time.</summary>
internal abstract class FileIndexReader
{
    /// <summary>Opens an index.</summary>
    /// <param name="kind">The name of its kind.</param>
    /// <param name="type">The column's type when the file was written.</param>
    /// <param name="index">Its bytes.</param>
    /// <returns>Null for kinds, types and versions that are not known: they answer nothing.</returns>
    /// <exception cref="CorruptDataException">The bytes are no such index.</exception>
    public static FileIndexReader? TryOpen(string kind, DataType type, ReadOnlyMemory<byte> index)
    {
        if (!FileIndexKind.Supports(kind, type))
        {
            return null;
        }

        return kind switch
        {
            FileIndexKind.BloomFilter => new BloomFilterReader(type, index.Span),
            FileIndexKind.Bitmap => BitmapIndexReader.TryOpen(IndexKeyType.TryCreate(type)!, index),
            FileIndexKind.Bsi => BsiReader.TryOpen(IndexKeyType.TryCreate(type)!, index.Span),
            _ => RangeBitmapReader.TryOpen(IndexKeyType.TryCreate(type)!, index),
        };
    }

    /// <summary>The rows that may meet a condition.</summary>
    /// <param name="leaf">The condition; its literals are of the column's type.</param>
    /// <exception cref="CorruptDataException">The index is damaged.</exception>
    public abstract FileIndexResult Test(LeafPredicate leaf);
}
