using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Writing one Parquet column per type: plain values without compression are the baseline; beside them indexes into a dictionary
/// of a thousand values, plain values with LZ4, and random values as tables are written by default (dictionary where it is worth
/// it, zstd).
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
public class ParquetEncodeBenchmark
{
    private readonly FormatWriterOptions _default = new();
    private readonly FormatWriterOptions _lz4 = new() { Compression = "lz4" };
    private ParquetColumn? _column;
    private ParquetColumn? _few;

    public static IEnumerable<string> Types => ParquetColumn.TypeNames;

    [ParamsSource(nameof(Types))]
    public string Type { get; set; } = "";

    [GlobalSetup]
    public void MakeValues()
    {
        _column = new ParquetColumn(Type);
        _few = new ParquetColumn(Type, ParquetColumn.FewValues);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Plain() => _column!.WriteAsync(ParquetColumn.Plain);

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Dictionary() => _few!.WriteAsync(ParquetColumn.Dictionary);

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Lz4() => _column!.WriteAsync(_lz4);

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Default() => _column!.WriteAsync(_default);
}
