using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats.Compression;

namespace PaimonSharp.Bench.Micro;

/// <summary>Decompressing 64 KiB of order rows: the system's liblz4 is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Scan")]
public class DecompressBenchmark
{
    private readonly byte[] _target = new byte[OrderRows.BlockBytes];
    private readonly byte[] _lz4 = Compress(CompressionCodec.Lz4Raw);
    private readonly byte[] _snappy = Compress(CompressionCodec.Snappy);
    private readonly byte[] _zstd = Compress(CompressionCodec.Zstd());

    [Benchmark(Baseline = true)]
    public int NativeLibLz4() => NativeLz4.Decompress(_lz4, _target);

    [Benchmark]
    public void Lz4() => CompressionCodec.Lz4Raw.Decompress(_lz4, _target);

    [Benchmark]
    public void Snappy() => CompressionCodec.Snappy.Decompress(_snappy, _target);

    [Benchmark]
    public void Zstd1() => CompressionCodec.Zstd().Decompress(_zstd, _target);

    private static byte[] Compress(CompressionCodec codec)
    {
        var target = new byte[codec.MaxCompressedLength(OrderRows.BlockBytes)];
        return target[..codec.Compress(OrderRows.Block(), target)];
    }
}
