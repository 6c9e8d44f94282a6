using System.Buffers;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>LZ4 blocks without a frame, which do not state their size.</summary>
internal sealed class Lz4Codec : CompressionCodec
{
    private const int MaxExpansion = 255;
    private const int FirstGuessFactor = 4;
    private const int MinGuessBytes = 1 << 10;

    /// <inheritdoc/>
    public override string Name => "lz4_raw";

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) => Lz4Block.MaxEncodedLength(sourceLength);

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        Lz4Block.Encode(source, destination);

    /// <summary>Tries growing sizes, as far as the block's bytes could ever reach.</summary>
    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        var most = Math.Min(Math.Min(maxBytes, (long)source.Length * MaxExpansion), Array.MaxLength);
        for (var guess = Math.Max((long)source.Length * FirstGuessFactor, MinGuessBytes); ; guess *= FirstGuessFactor)
        {
            var size = (int)Math.Min(guess, most);
            var written = Lz4Block.TryDecode(source, size == 0 ? [] : destination.GetSpan(size)[..size]);
            if (written >= 0)
            {
                destination.Advance(written);
                return written;
            }

            if (size == most)
            {
                CorruptDataException.Throw(
                    $"lz4: the block of {source.Length} bytes is damaged, or larger than the limit of {maxBytes} bytes.");
            }
        }
    }

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination) =>
        Lz4Block.Decode(source, destination);
}
