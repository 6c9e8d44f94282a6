using System.Buffers;
using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Compression;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>Decompresses a chunk's pages into one buffer, each over the one before.</summary>
internal sealed class PageDecompressor : IDisposable
{
    /// <summary>No page is larger; writers cut at about 1 MiB, except around one huge value.</summary>
    private const int MaxPageBytes = 1 << 30;

    private byte[] _buffer = [];

    public byte[] Buffer => _buffer;

    /// <summary>Checks that a page's size is one that its compressed bytes can have.</summary>
    public static void CheckSize(PageCodec codec, int compressedBytes, int uncompressedBytes)
    {
        // What the best compressor of each format can reach on a run of equal bytes.
        var ratio = codec switch
        {
            PageCodec.Uncompressed => 1,
            PageCodec.Snappy => 64,
            PageCodec.Gzip => 1100,
            PageCodec.Lz4 or PageCodec.Lz4Raw => 260,
            _ => 1 << 17,
        };
        if (uncompressedBytes > MaxPageBytes || uncompressedBytes > ((long)compressedBytes * ratio) + 64)
        {
            CorruptDataException.Throw(
                $"A page of {compressedBytes} bytes claims {uncompressedBytes} bytes after {codec} decompression.");
        }
    }

    /// <summary>Puts a page's bytes into <see cref="Buffer"/>, the first of them as they are.</summary>
    public void Decompress(PageCodec codec, ReadOnlySpan<byte> page, int plainBytes, int uncompressedBytes)
    {
        if (_buffer.Length < uncompressedBytes + PageBuffer.Slack)
        {
            Dispose();
            _buffer = ArrayPool<byte>.Shared.Rent(uncompressedBytes + PageBuffer.Slack);
        }

        page[..plainBytes].CopyTo(_buffer);
        var target = _buffer.AsSpan(plainBytes, uncompressedBytes - plainBytes);
        if (target.Length > 0 || page.Length > plainBytes)
        {
            CodecOf(codec).Decompress(page[plainBytes..], target);
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private static CompressionCodec CodecOf(PageCodec codec) => codec switch
    {
        PageCodec.Uncompressed => CompressionCodec.None,
        PageCodec.Snappy => CompressionCodec.Snappy,
        PageCodec.Gzip => CompressionCodec.Gzip,
        PageCodec.Lz4 => CompressionCodec.Lz4Hadoop,
        PageCodec.Lz4Raw => CompressionCodec.Lz4Raw,
        PageCodec.Zstd => CompressionCodec.Zstd(),
        _ => throw new PaimonException(ErrorKind.Unsupported, $"Pages compressed with {codec} are not supported."),
    };
}
