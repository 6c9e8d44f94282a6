using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Storage.Formats.Compression;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// How the blocks of a container are compressed: <c>null</c>, <c>deflate</c> (RFC 1951 without a frame), <c>zstandard</c>, and
/// <c>snappy</c>, whose blocks end with the big-endian CRC-32 of the uncompressed bytes. Immutable and shared.
/// </summary>
internal sealed class AvroCodec
{
    /// <summary>The largest uncompressed block that is read: far beyond what any writer makes of 64,000-byte blocks.</summary>
    public const int MaxBlockBytes = 1 << 30;

    private const int CrcBytes = 4;
    private readonly CompressionCodec _codec;
    private readonly bool _hasCrc;

    private AvroCodec(string name, CompressionCodec codec, bool hasCrc = false)
    {
        Name = name;
        _codec = codec;
        _hasCrc = hasCrc;
    }

    /// <summary>The name in <c>avro.codec</c>.</summary>
    public string Name { get; }

    /// <summary>The codec that a file names in its header.</summary>
    public static AvroCodec OfHeader(string name) => name switch
    {
        "null" => new AvroCodec(name, CompressionCodec.None),
        "deflate" => new AvroCodec(name, CompressionCodec.Deflate),
        "snappy" => new AvroCodec(name, CompressionCodec.Snappy, hasCrc: true),
        "zstandard" => new AvroCodec(name, CompressionCodec.Zstd()),
        _ => throw new PaimonException(
            ErrorKind.Unsupported,
            $"Avro codec '{name}' is not supported; null, deflate, snappy and zstandard are."),
    };

    /// <summary>The codec that an option names.</summary>
    /// <param name="name">null, deflate, snappy, zstd or zstandard.</param>
    /// <param name="zstdLevel">The level for zstd.</param>
    public static AvroCodec OfOption(string name, int zstdLevel = 1) => name.ToLowerInvariant() switch
    {
        "zstd" or "zstandard" => new AvroCodec("zstandard", CompressionCodec.Zstd(zstdLevel)),
        "none" or "uncompressed" => throw new PaimonException(
            ErrorKind.Invalid, $"Avro has no codec '{name}', and Paimon refuses to write it; 'null' compresses nothing."),
        var other => OfHeader(other),
    };

    /// <summary>Compresses a block.</summary>
    /// <param name="block">The bytes.</param>
    /// <param name="buffer">Grown as needed; takes the result.</param>
    /// <returns>The bytes of the result.</returns>
    public int Compress(ReadOnlySpan<byte> block, ref byte[] buffer)
    {
        var needed = checked(_codec.MaxCompressedLength(block.Length) + CrcBytes);
        if (buffer.Length < needed)
        {
            buffer = new byte[needed];
        }

        var length = _codec.Compress(block, buffer);
        if (_hasCrc)
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(length), Crc32.Compute(block));
            length += CrcBytes;
        }

        return length;
    }

    /// <summary>Decompresses a block.</summary>
    /// <param name="block">The block's bytes.</param>
    /// <param name="destination">Takes the result.</param>
    public void Decompress(ReadOnlySpan<byte> block, ArrayBufferWriter<byte> destination)
    {
        destination.ResetWrittenCount();
        if (!_hasCrc)
        {
            _codec.Decompress(block, destination, MaxBlockBytes);
            return;
        }

        if (block.Length < CrcBytes)
        {
            CorruptDataException.Throw($"A snappy block of Avro ends with a checksum of 4 bytes; this has {block.Length}.");
        }

        _codec.Decompress(block[..^CrcBytes], destination, MaxBlockBytes);
        var expected = BinaryPrimitives.ReadUInt32BigEndian(block[^CrcBytes..]);
        var actual = Crc32.Compute(destination.WrittenSpan);
        if (expected != actual)
        {
            CorruptDataException.Throw(
                $"The checksum of a snappy block of Avro is {actual:x8} but the file says {expected:x8}.");
        }
    }
}
