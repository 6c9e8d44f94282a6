using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// Decodes the values of one leaf's pages straight into a column vector. The buffers given have
/// <see cref="PageBuffer.Slack"/> bytes behind the last one and stay as they are until the next page.
/// </summary>
internal abstract class ValueDecoder
{
    /// <summary>Takes the values of a chunk's dictionary page.</summary>
    public abstract void SetDictionary(byte[] buffer, int start, int end, int count);

    /// <summary>Forgets the dictionary of the chunk before.</summary>
    public virtual void ClearDictionary()
    {
    }

    /// <summary>Begins a page's values.</summary>
    public abstract void Begin(PageEncoding encoding, byte[] buffer, int start, int end, int maxValues);

    /// <summary>Appends rows.</summary>
    /// <param name="target">The vector.</param>
    /// <param name="slots">How many rows.</param>
    /// <param name="validity">A bit a row, set = there is a value; empty when all have one.</param>
    /// <param name="valueCount">How many values there are.</param>
    public abstract void Append(ColumnVector target, int slots, ReadOnlySpan<byte> validity, int valueCount);

    /// <summary>Passes over values.</summary>
    public abstract void Skip(int valueCount);

    /// <summary>Moves values from the front of a span to the rows that are not NULL.</summary>
    protected static void Spread<T>(Span<T> rows, ReadOnlySpan<byte> validity, int valueCount)
        where T : struct
    {
        var from = valueCount;
        for (var i = rows.Length - 1; i >= from; i--)
        {
            rows[i] = Bitmap.IsSet(validity, i) ? rows[--from] : default;
        }
    }
}
