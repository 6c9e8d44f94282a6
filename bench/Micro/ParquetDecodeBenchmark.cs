using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Bench.Micro;

/// <summary>Reading one Parquet column per type: plain values without compression are the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Scan")]
public class ParquetDecodeBenchmark
{
    private readonly Dictionary<string, ParquetColumn> _columns = [];

    public static IEnumerable<string> Types => ParquetColumn.TypeNames;

    [ParamsSource(nameof(Types))]
    public string Type { get; set; } = "";

    [GlobalSetup]
    public async Task WriteFilesAsync()
    {
        await AddAsync("plain", ParquetColumn.Plain);
        await AddAsync("lz4", new FormatWriterOptions { Compression = "lz4" });
        await AddAsync("default", new FormatWriterOptions());
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Plain() => _columns["plain"].ReadAsync();

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Lz4() => _columns["lz4"].ReadAsync();

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Default() => _columns["default"].ReadAsync();

    private async Task AddAsync(string name, FormatWriterOptions options)
    {
        _columns[name] = new ParquetColumn(Type);
        await _columns[name].WriteAsync(options);
    }
}
