using System.Buffers;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>Snappy's raw blocks, which state their size.</summary>
internal sealed class SnappyCodec : CompressionCodec
{
    /// <inheritdoc/>
    public override string Name => "snappy";

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) => SnappyBlock.MaxEncodedLength(sourceLength);

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        SnappyBlock.Encode(source, destination);

    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        var length = SnappyBlock.DecodedLength(source);
        if (length > maxBytes)
        {
            ThrowTooLarge(maxBytes);
        }

        if (length == 0)
        {
            return SnappyBlock.Decode(source, []);
        }

        var written = SnappyBlock.Decode(source, destination.GetSpan(length)[..length]);
        destination.Advance(written);
        return written;
    }

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination) =>
        SnappyBlock.Decode(source, destination);
}
