using System.Buffers;
using PaimonSharp.Merge.Sketches;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>hll_sketch</c>: the union of HyperLogLog sketches, with registers of 4 bits.</summary>
internal sealed class HllUnion : IBinaryUnion
{
    /// <inheritdoc/>
    /// <remarks>As in Paimon the input sets the most registers that there may be, and the accumulator is added to it.</remarks>
    public void Unite(ReadOnlySpan<byte> accumulator, ReadOnlySpan<byte> input, IBufferWriter<byte> target)
    {
        var union = HllCodec.Read(input);
        union.Unite(HllCodec.Read(accumulator));
        HllCodec.Write(union, target);
    }
}
