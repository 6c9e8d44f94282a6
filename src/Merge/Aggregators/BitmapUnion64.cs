using System.Buffers;
using PaimonSharp.Data.Bitmaps;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>rbm64</c>: the union of Roaring bitmaps of 64-bit numbers, in the form of Roaring's Java library.</summary>
internal sealed class BitmapUnion64 : IBinaryUnion
{
    /// <inheritdoc/>
    public void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input, IBufferWriter<byte> target)
    {
        var union = RoaringCodec64.Read(accumulator);
        union.Unite(RoaringCodec64.Read(input));
        union.Optimize();
        RoaringCodec64.Write(union, target);
    }
}
