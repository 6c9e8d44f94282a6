using System.Buffers;
using System.Collections.Concurrent;
using ZstdFrame = PaimonSharp.Data.Compression.Zstd;

namespace PaimonSharp.Storage.Formats.Compression;

/// <summary>Zstandard frames at one level.</summary>
internal sealed class ZstdCodec : CompressionCodec
{
    private static readonly ConcurrentDictionary<int, ZstdCodec> ByLevel = new();

    private readonly int _level;

    private ZstdCodec(int level) => _level = level;

    /// <inheritdoc/>
    public override string Name => "zstd";

    /// <summary>The codec of a level.</summary>
    /// <param name="level">From 1 to 22, else the nearest of these.</param>
    public static ZstdCodec OfLevel(int level) =>
        ByLevel.GetOrAdd(Math.Clamp(level, ZstdFrame.MinLevel, ZstdFrame.MaxLevel), static l => new ZstdCodec(l));

    /// <inheritdoc/>
    public override int MaxCompressedLength(int sourceLength) => ZstdFrame.MaxCompressedLength(sourceLength);

    /// <inheritdoc/>
    public override int Compress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        ZstdFrame.Compress(source, destination, _level);

    /// <inheritdoc/>
    public override long Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, long maxBytes) =>
        ZstdFrame.Decompress(source, destination, maxBytes);

    /// <inheritdoc/>
    protected override int DecompressUpTo(ReadOnlySpan<byte> source, Span<byte> destination) =>
        ZstdFrame.Decompress(source, destination);
}
