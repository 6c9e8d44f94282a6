using BenchmarkDotNet.Attributes;
using PaimonSharp.Storage.Formats;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Reading one Parquet column per type: plain values without compression are the baseline; beside them indexes into a dictionary
/// of a thousand values, plain values with LZ4, and random values as tables are written by default (dictionary where it is worth
/// it, zstd).
/// </summary>
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
        await AddAsync("dictionary", ParquetColumn.Dictionary, ParquetColumn.FewValues);
        await AddAsync("lz4", new FormatWriterOptions { Compression = "lz4" });
        await AddAsync("default", new FormatWriterOptions());
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Plain() => _columns["plain"].ReadAsync();

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Dictionary() => _columns["dictionary"].ReadAsync();

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Lz4() => _columns["lz4"].ReadAsync();

    [Benchmark(OperationsPerInvoke = ParquetColumn.RowCount)]
    public Task<long> Default() => _columns["default"].ReadAsync();

    private async Task AddAsync(string name, FormatWriterOptions options, int distinctValues = int.MaxValue)
    {
        _columns[name] = new ParquetColumn(Type, distinctValues);
        await _columns[name].WriteAsync(options);
    }
}
