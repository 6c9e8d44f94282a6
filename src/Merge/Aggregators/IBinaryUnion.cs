using System.Buffers;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Unites two values of a binary column: sketches or bitmaps. An instance belongs to one fold; its buffers are reused.
/// </summary>
internal interface IBinaryUnion
{
    /// <summary>Unites two values.</summary>
    /// <param name="accumulator">What was united so far.</param>
    /// <param name="input">What is added to it; the bytes of the result may depend on which of the two is which.</param>
    /// <param name="target">Given the result.</param>
    /// <exception cref="Data.Errors.CorruptDataException">A value is not what the function takes.</exception>
    void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input, IBufferWriter<byte> target);
}
