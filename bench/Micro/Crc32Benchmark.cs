using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Hashing;

namespace PaimonSharp.Bench.Micro;

/// <summary>Checksums of a block, as each binlog event carries one: eight tables are the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Decode")]
public class Crc32Benchmark
{
    private byte[] _bytes = [];

    [Params(64, 8 << 10, 1 << 20)]
    public int LengthBytes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _bytes = new byte[LengthBytes];
        new Random(5).NextBytes(_bytes);
    }

    [Benchmark(Baseline = true)]
    public uint Tables() => ~Crc32.UpdateByTables(uint.MaxValue, _bytes);

    [Benchmark]
    public uint Folded() => Crc32.Compute(_bytes);
}
