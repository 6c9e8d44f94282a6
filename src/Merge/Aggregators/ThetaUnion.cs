using System.Buffers;
using PaimonSharp.Merge.Sketches;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>theta_sketch</c>: the union of theta sketches of 4096 hashes.</summary>
internal sealed class ThetaUnion : IBinaryUnion
{
    private readonly ThetaSketch _union = new();

    /// <inheritdoc/>
    public void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input, IBufferWriter<byte> target)
    {
        _union.Clear();
        ThetaCodec.AddTo(accumulator, _union);
        ThetaCodec.AddTo(input, _union);
        _union.Finish();
        ThetaCodec.Write(_union, target);
    }
}
