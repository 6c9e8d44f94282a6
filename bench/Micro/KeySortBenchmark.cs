using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;

namespace PaimonSharp.Bench.Micro;

/// <summary>Putting the rows of a buffer in key order: the framework's sort of (prefix, row) pairs is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Merge")]
public class KeySortBenchmark
{
    private readonly EncodedKeys _longs;
    private readonly EncodedKeys _texts;
    private readonly ulong[] _prefixes = new ulong[KeyColumns.RowCount];
    private readonly int[] _order = new int[KeyColumns.RowCount];

    public KeySortBenchmark()
    {
        _longs = Encode(KeyColumns.TypeOf(DataTypes.BigInt), KeyColumns.Longs);
        _texts = Encode(KeyColumns.TypeOf(DataTypes.String), KeyColumns.Texts);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int ArraySort()
    {
        _longs.Prefixes.CopyTo(_prefixes);
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Array.Sort(_prefixes, _order);
        return _order[0];
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int BigInt() => Sort(_longs);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Text() => Sort(_texts);

    private static EncodedKeys Encode(RowType type, Func<DataType, ColumnVector> makeColumn)
    {
        var encoder = new KeyEncoder(type);
        var keys = encoder.CreateKeys();
        encoder.Encode([makeColumn(type.Fields[0].Type)], 0, KeyColumns.RowCount, keys);
        return keys;
    }

    private int Sort(EncodedKeys keys)
    {
        KeySorter.Sort(keys, _order);
        return _order[0];
    }
}
