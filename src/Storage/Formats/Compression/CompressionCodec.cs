using System.Buffers;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>
/// One way of compressing a block of bytes. Codecs have no state: all members may be called from several threads. A damaged
/// input gives <see cref="CorruptDataException"/> and nothing else, and never more output than was asked for.
/// </summary>
internal abstract class CompressionCodec
{
    /// <summary>Bytes as they are.</summary>
    public static CompressionCodec None { get; } = new NoneCodec();

    /// <summary>Snappy's raw block format.</summary>
    public static CompressionCodec Snappy { get; } = new SnappyCodec();

    /// <summary>Deflate with gzip's header and checksum (RFC 1952).</summary>
    public static CompressionCodec Gzip { get; } = new DeflateCodec("gzip", DeflateContainer.Gzip);

    /// <summary>Deflate with zlib's header and checksum (RFC 1950).</summary>
    public static CompressionCodec Zlib { get; } = new DeflateCodec("zlib", DeflateContainer.Zlib);

    /// <summary>Deflate without a header (RFC 1951): Avro's <c>deflate</c>.</summary>
    public static CompressionCodec Deflate { get; } = new DeflateCodec("deflate", DeflateContainer.None);

    /// <summary>LZ4's block format without a frame: Parquet's <c>LZ4_RAW</c>.</summary>
    public static CompressionCodec Lz4Raw { get; } = new Lz4Codec();

    /// <summary>LZ4 blocks in Hadoop's frame: Parquet's old <c>LZ4</c>.</summary>
    public static CompressionCodec Lz4Hadoop { get; } = new Lz4HadoopCodec();

    /// <summary>The codec's name in messages and in <c>file.compression</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Zstandard frames (RFC 8878).</summary>
    /// <param name="level">The level for compressing, from 1 to 22, else the nearest of these; no matter for decompressing.</param>
    public static CompressionCodec Zstd(int level = 1) => ZstdCodec.OfLevel(level);

    /// <summary>The codec that an option such as <c>file.compression</c> or <c>manifest.compression</c> names.</summary>
    /// <param name="name">The option's value; case does not matter.</param>
    /// <param name="zstdLevel">The value of <c>file.compression.zstd-level</c>.</param>
    /// <exception cref="PaimonException"><see cref="ErrorKind.Unsupported"/>: a codec that is not built in.</exception>
    public static CompressionCodec Parse(string name, int zstdLevel = 1) => name.ToLowerInvariant() switch
    {
        "none" or "null" or "uncompressed" => None,
        "zstd" or "zstandard" => Zstd(zstdLevel),
        "snappy" => Snappy,
        "gzip" => Gzip,
        "deflate" => Deflate,
        "lz4" => Lz4Hadoop,
        "lz4_raw" => Lz4Raw,
        _ => throw new PaimonException(
            ErrorKind.Unsupported,
            $"The compression '{name}' is not supported. Use zstd, snappy, gzip, deflate, lz4, lz4_raw or none."),
    };

    /// <summary>The bytes that <see cref="Compress"/> may need at most.</summary>
    /// <param name="sourceLength">The bytes to compress.</param>
    public abstract int MaxCompressedLength(int sourceLength);

    /// <summary>Compresses one block.</summary>
    /// <param name="source">The bytes to compress.</param>
    /// <param name="destination">At least <see cref="MaxCompressedLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public abstract int Compress(ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Decompresses a block whose size is known, as Parquet's pages state it.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="destination">As long as the decompressed block; it is filled whole.</param>
    /// <exception cref="CorruptDataException">The block is damaged, or not of that size.</exception>
    public void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = DecompressUpTo(source, destination);
        if (written != destination.Length)
        {
            CorruptDataException.Throw($"{Name}: the block holds {written} bytes; {destination.Length} were expected.");
        }
    }

    /// <summary>Decompresses a block whose size is not stated, as Avro's blocks.</summary>
    /// <param name="source">The whole block.</param>
    /// <param name="destination">Takes the bytes; it may hold some of them when an error is thrown.</param>
    /// <param name="maxBytes">More than this is an error.</param>
    /// <returns>The bytes written.</returns>
    /// <exception cref="CorruptDataException">The block is damaged, or larger than the limit.</exception>
    public abstract long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes);

    /// <summary>Decompresses a block of at most the destination's size; a larger one is an error.</summary>
    protected abstract int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>Throws when a block is larger than the caller takes.</summary>
    protected void ThrowTooLarge(long maxBytes) =>
        CorruptDataException.Throw($"{Name}: the block is larger than the limit of {maxBytes} bytes.");
}
