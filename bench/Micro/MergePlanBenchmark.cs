using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// Bringing the rows of sorted runs together by key, half of which are in two runs. The framework's priority queue over the same
/// BIGINT keys is the baseline.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Merge")]
public class MergePlanBenchmark
{
    private readonly LoserTree _tree = new();
    private readonly MergePlan _plan = new();
    private readonly PriorityQueue<int, ulong> _queue = new();
    private EncodedKeys[] _longs = [];
    private EncodedKeys[] _texts = [];
    private int[] _starts = [];
    private int[] _ends = [];
    private int[] _rows = [];

    /// <summary>The runs.</summary>
    [Params(2, 5, 20)]
    public int Runs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var rows = KeyColumns.RowCount / Runs;
        _longs = [.. Enumerable.Range(0, Runs).Select(run => Encode(DataTypes.BigInt, rows, run))];
        _texts = [.. Enumerable.Range(0, Runs).Select(run => Encode(DataTypes.String, rows, run))];
        _starts = new int[Runs];
        _rows = new int[Runs];
        _ends = new int[Runs];
        _ends.AsSpan().Fill(rows);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int PriorityQueue()
    {
        _rows.AsSpan().Clear();
        for (var run = 0; run < Runs; run++)
        {
            _queue.Enqueue(run, _longs[run].Prefixes[0]);
        }

        var merged = 0;
        while (_queue.TryDequeue(out var run, out _))
        {
            merged++;
            if (++_rows[run] < _ends[run])
            {
                _queue.Enqueue(run, _longs[run].Prefixes[_rows[run]]);
            }
        }

        return merged;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int LoserTree()
    {
        var merged = 0;
        for (_tree.Begin(_longs, _starts, _ends); !_tree.IsEmpty; _tree.Advance())
        {
            merged += _tree.WinnerRow;
        }

        return merged;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int PlanOfLongs() => Plan(_longs);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int PlanOfTexts() => Plan(_texts);

    private static EncodedKeys Encode(DataType type, int rows, int run)
    {
        // Neighbouring runs share every second key.
        var keyType = KeyColumns.TypeOf(type);
        var column = ColumnVector.Create(keyType.Fields[0].Type);
        for (var i = 0; i < rows; i++)
        {
            var key = (1_000_000L * (i + 1)) + (i % 2 == 0 ? run / 2 : 1000 + run);
            if (column is FixedVector<long> longs)
            {
                longs.Append(key);
            }
            else
            {
                ((BinaryVector)column).Append($"customer-{key:d14}");
            }
        }

        var encoder = new KeyEncoder(keyType);
        var keys = encoder.CreateKeys();
        encoder.Encode([column], 0, rows, keys);
        return keys;
    }

    private int Plan(EncodedKeys[] keys)
    {
        _plan.Clear();
        _tree.Begin(keys, _starts, _ends);
        while (!_tree.IsEmpty)
        {
            _plan.BeginGroup(new RowReference(_tree.Winner, _tree.WinnerRow));
            while (_tree.Advance())
            {
                _plan.Add(new RowReference(_tree.Winner, _tree.WinnerRow));
            }
        }

        return _plan.GroupCount;
    }
}
