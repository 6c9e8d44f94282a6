using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Bench.Micro;

/// <summary>Writing one Parquet column per type: plain values without compression are the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
public class ParquetEncodeBenchmark
{
    private readonly FormatWriterOptions _default = new();
    private readonly FormatWriterOptions _lz4 = new() { Compression = "lz4" };
    private ParquetColumn? _column;

    public static IEnumerable<string> Types => ParquetColumn.TypeNames;

    [ParamsSource(nameof(Types))]
    public string Type { get; set; } = "";

    [GlobalSetup]
    public void MakeValues() => _column = new ParquetColumn(Type);

    [Benchmark(Baseline = true, OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Plain() => _column!.WriteAsync(ParquetColumn.Plain);

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Lz4() => _column!.WriteAsync(_lz4);

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Default() => _column!.WriteAsync(_default);
}
