using System.Buffers;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>Copies.</summary>
internal sealed class NoneCodec : CompressionCodec
{
    /// <inheritdoc/>
    public override string Name => "none";

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) => sourceLength;

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }

    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        if (source.Length > maxBytes)
        {
            ThrowTooLarge(maxBytes);
        }

        destination.Write(source);
        return source.Length;
    }

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length > destination.Length)
        {
            ThrowTooLarge(destination.Length);
        }

        source.CopyTo(destination);
        return source.Length;
    }
}
