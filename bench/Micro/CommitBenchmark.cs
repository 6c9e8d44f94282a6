using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Micro;

/// <summary>Commits into a table in memory, so without the disk's part: one row is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
[InvocationCount(32, unrollFactor: 1)]
public class CommitBenchmark
{
    private TableWriter? _writer;
    private long _nextKey;

    [IterationSetup]
    public void MakeTable() => MakeTableAsync().GetAwaiter().GetResult();

    [IterationCleanup]
    public void CloseTable() => _writer!.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true)]
    public Task<int> OneRow() => CommitAsync(1);

    [Benchmark]
    public Task<int> ThousandRows() => CommitAsync(1000);

    private async Task MakeTableAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(new MemoryFileIO()));
        var definition = new TableDefinition()
            .Column("id", DataTypes.BigInt.NotNull()).Column("name", DataTypes.String).PrimaryKey("id");
        _writer = (await catalog.CreateTableAsync(new Identifier("bench", "t"), definition)).NewWriter();
    }

    private async Task<int> CommitAsync(int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            await _writer!.UpsertAsync(_nextKey++, "name");
        }

        return (await _writer!.CommitAsync()).Count;
    }
}
