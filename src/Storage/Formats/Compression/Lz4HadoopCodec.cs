using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// LZ4 blocks in Hadoop's frame, which Parquet files call <c>LZ4</c>:
/// <code>
/// frame := u32 decoded length, ( u32 length | LZ4 block )*      until the decoded length is reached; big-endian
/// </code>
/// Some writers put a bare LZ4 block under the same name; what is not a frame is read as one.
/// </summary>
internal sealed class Lz4HadoopCodec : CompressionCodec
{
    private const int HeaderBytes = 8;
    private const long MaxExpansion = 255;

    /// <inheritdoc/>
    public override string Name => "lz4";

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) =>
        checked(HeaderBytes + Lz4Block.MaxEncodedLength(sourceLength));

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, source.Length);
        if (source.IsEmpty)
        {
            return 4;
        }

        var length = Lz4Block.Encode(source, destination[HeaderBytes..]);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], length);
        return HeaderBytes + length;
    }

    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes)
    {
        var total = 0L;
        for (var rest = source; !rest.IsEmpty;)
        {
            var size = FrameSize(rest);
            if (size >= 0 && size > maxBytes - total)
            {
                ThrowTooLarge(maxBytes);
            }

            if (size < 0 || !TryDecodeFrame(ref rest, size == 0 ? [] : destination.GetSpan(size)[..size]))
            {
                return total == 0 ? Lz4Raw.Decompress(source, destination, maxBytes) : throw NotAFrame();
            }

            destination.Advance(size);
            total += size;
        }

        return total;
    }

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var total = 0;
        for (var rest = source; !rest.IsEmpty;)
        {
            var size = FrameSize(rest);
            if (size < 0 || size > destination.Length - total || !TryDecodeFrame(ref rest, destination.Slice(total, size)))
            {
                return Lz4Block.Decode(source, destination);
            }

            total += size;
        }

        return total;
    }

    /// <summary>The decoded length that a frame states, or -1 where its bytes could never hold that much.</summary>
    private static int FrameSize(ReadOnlySpan<byte> source)
    {
        if (source.Length < 4)
        {
            return -1;
        }

        long size = BinaryPrimitives.ReadUInt32BigEndian(source);
        return size <= Math.Min(source.Length * MaxExpansion, Array.MaxLength) ? (int)size : -1;
    }

    private static bool TryDecodeFrame(ref ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source = source[4..];
        while (!destination.IsEmpty)
        {
            if (source.Length < 4)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(source);
            source = source[4..];
            if (length > source.Length)
            {
                return false;
            }

            var written = Lz4Block.TryDecode(source[..(int)length], destination);
            if (written <= 0)
            {
                return false;
            }

            source = source[(int)length..];
            destination = destination[written..];
        }

        return true;
    }

    private static CorruptDataException NotAFrame() => new("lz4: a frame of the block is damaged.");
}
