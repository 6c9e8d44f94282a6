using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Random keys of a table of 200,000 rows, all blocks in memory: a dictionary of the same rows is the baseline. The files of
/// level 0 each have rows of the whole range of keys above those of the highest level.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Lookup")]
public class LookupBenchmark
{
    private const int RowCount = 200_000;
    private const int Level0Rows = 2000;

    private readonly Dictionary<long, string> _rows = [];
    private readonly long[] _present = new long[KeyColumns.RowCount];
    private readonly long[] _missing = new long[KeyColumns.RowCount];
    private readonly int[] _positions = new int[KeyColumns.RowCount];
    private Table _table = null!;
    private TableLookup _lookup = null!;
    private ColumnBatch _key = null!;
    private ColumnBatch _keys = null!;
    private ColumnBatch _found = null!;

    /// <summary>Files of level 0.</summary>
    [Params(0, 4)]
    public int Level0Files { get; set; }

    [GlobalSetup]
    public void Setup() => SetupAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup() => _lookup.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int Dictionary()
    {
        var length = 0;
        foreach (var key in _present)
        {
            length += _rows.TryGetValue(key, out var text) ? text.Length : 0;
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public Task<int> Present() => GetAsync(_present);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public Task<int> Missing() => GetAsync(_missing);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public async Task<int> PresentRows()
    {
        var found = 0;
        foreach (var key in _present)
        {
            found += await _lookup.GetAsync(key) is null ? 0 : 1;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public async Task<int> ManyPresent()
    {
        _found.Clear();
        return await _lookup.GetManyAsync(_keys, _found, _positions);
    }

    /// <summary>A lookup anew: its first key makes lookup files of all data files.</summary>
    [Benchmark]
    public async Task<bool> First()
    {
        await using var lookup = await _table.OpenLookupAsync();
        return await lookup.GetAsync(_present[0]) is not null;
    }

    private async Task<int> GetAsync(long[] keys)
    {
        var found = 0;
        foreach (var key in keys)
        {
            _key.Clear();
            _found.Clear();
            ((FixedVector<long>)_key.Columns[0]).Append(key);
            _key.EndRows(1);
            found += await _lookup.GetManyAsync(_key, _found, _positions);
        }

        return found;
    }

    private async Task SetupAsync()
    {
        var catalog = await Catalog.OpenAsync("/warehouse", new StorageEnvironment(new MemoryFileIO()));
        var definition = new TableDefinition
        {
            Options = new Dictionary<string, string> { ["num-sorted-run.compaction-trigger"] = "100" },
        };
        _table = await catalog.CreateTableAsync(
            new Identifier("bench", "t"),
            definition.Column("id", DataTypes.BigInt.NotNull()).Column("name", DataTypes.String).PrimaryKey("id"));
        await using (var writer = _table.NewWriter())
        {
            await WriteAsync(writer, 1);
            await writer.CompactAsync();
            await writer.CommitAsync();
            for (var file = 0; file < Level0Files; file++)
            {
                await WriteAsync(writer, RowCount / Level0Rows);
                await writer.CommitAsync();
            }
        }

        var random = new Random(9);
        for (var i = 0; i < _present.Length; i++)
        {
            _present[i] = 2 * random.NextInt64(RowCount);
            _missing[i] = _present[i] + 1;
        }

        _lookup = await _table.OpenLookupAsync();
        (_key, _keys, _found) = (new ColumnBatch(_lookup.KeyType), new ColumnBatch(_lookup.KeyType), new ColumnBatch(_lookup.RowType));
        _present.CopyTo(((FixedVector<long>)_keys.Columns[0]).AppendUninitialized(_present.Length));
        _keys.EndRows(_present.Length);
        if (await GetAsync(_present) != _present.Length || await GetAsync(_missing) != 0)
        {
            throw new InvalidOperationException("Not the right rows were found.");
        }
    }

    // Even keys are there, odd ones are not.
    private async Task WriteAsync(TableWriter writer, int step)
    {
        for (var row = 0L; row < RowCount; row += step)
        {
            _rows[2 * row] = $"customer-{row:d9}";
            await writer.UpsertAsync(2 * row, _rows[2 * row]);
        }
    }
}
