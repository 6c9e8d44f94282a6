using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats.Compression;

namespace PaimonSharp.Bench.Micro;

/// <summary>Compressing 64 KiB of order rows: the system's liblz4 is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
public class CompressBenchmark
{
    private readonly byte[] _block = OrderRows.Block();
    private readonly byte[] _target = new byte[2 * OrderRows.BlockBytes];
    private readonly CompressionCodec _zstd = CompressionCodec.Zstd();

    [Benchmark(Baseline = true)]
    public int NativeLibLz4() => NativeLz4.Compress(_block, _target);

    [Benchmark]
    public int Lz4() => CompressionCodec.Lz4Raw.Compress(_block, _target);

    [Benchmark]
    public int Snappy() => CompressionCodec.Snappy.Compress(_block, _target);

    [Benchmark]
    public int Zstd1() => _zstd.Compress(_block, _target);
}
