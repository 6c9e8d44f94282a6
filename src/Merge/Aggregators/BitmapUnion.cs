using System.Buffers;
using PaimonSharp.Data.Bitmaps;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>rbm32</c>: the union of Roaring bitmaps of 32-bit numbers.</summary>
internal sealed class BitmapUnion : IBinaryUnion
{
    /// <inheritdoc/>
    public void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input, IBufferWriter<byte> target)
    {
        var union = RoaringCodec.Read(accumulator, out _);
        union.Unite(RoaringCodec.Read(input, out _));
        union.Optimize();
        var size = RoaringCodec.SizeOf(union);
        RoaringCodec.Write(union, target.GetSpan(size)[..size]);
        target.Advance(size);
    }
}
