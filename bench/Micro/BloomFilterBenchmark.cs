using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.FileIndexes;
using PaimonSharp.Storage.Lookup;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// The filters of a million BIGINT keys, one in a hundred of whose answers is false: that of lookup files, and that of Paimon's
/// file index. A hash set of the same keys is the baseline. Keys come in random order, so that memory counts.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Lookup")]
public class BloomFilterBenchmark
{
    private const int KeyCount = 1_000_000;
    private const double FalsePositives = 0.01;

    private readonly HashSet<long> _set = new(KeyCount);
    private readonly KeyFilter _filter = KeyFilter.Create(KeyCount, FalsePositives);
    private readonly KeyFilter _target = KeyFilter.Create(KeyCount, FalsePositives);
    private readonly BloomFilter64 _index = new(KeyCount, FalsePositives);
    private readonly long[] _present = new long[KeyColumns.RowCount];
    private readonly long[] _missing = new long[KeyColumns.RowCount];
    private readonly EncodedKeys _presentKeys;
    private readonly EncodedKeys _missingKeys;

    public BloomFilterBenchmark()
    {
        // Even keys are there, odd ones are not.
        var type = KeyColumns.TypeOf(DataTypes.BigInt);
        var encoder = new KeyEncoder(type);
        var all = new FixedVector<long>(type.Fields[0].Type);
        for (var i = 0L; i < KeyCount; i++)
        {
            all.Append(2 * i);
            _set.Add(2 * i);
            _index.Add(BloomFilterWriter.HashOf(2 * i));
        }

        var keys = encoder.CreateKeys();
        encoder.Encode([all], 0, KeyCount, keys);
        for (var i = 0; i < KeyCount; i++)
        {
            _filter.Add(KeyHash.Of(keys, i));
        }

        var random = new Random(6);
        for (var i = 0; i < _present.Length; i++)
        {
            _present[i] = 2 * random.NextInt64(KeyCount);
            _missing[i] = _present[i] + 1;
        }

        _presentKeys = Encode(encoder, _present, type.Fields[0].Type);
        _missingKeys = Encode(encoder, _missing, type.Fields[0].Type);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int HashSet()
    {
        var found = 0;
        foreach (var key in _missing)
        {
            found += _set.Contains(key) ? 1 : 0;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int LookupMissing() => Test(_missingKeys);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int LookupPresent() => Test(_presentKeys);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int LookupAdd()
    {
        for (var i = 0; i < _presentKeys.Count; i++)
        {
            _target.Add(KeyHash.Of(_presentKeys, i));
        }

        return _target.Bytes.Length;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int FileIndexMissing() => Test(_missing);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int FileIndexPresent() => Test(_present);

    private static EncodedKeys Encode(KeyEncoder encoder, long[] values, DataType type)
    {
        var column = new FixedVector<long>(type);
        values.CopyTo(column.AppendUninitialized(values.Length));
        var keys = encoder.CreateKeys();
        encoder.Encode([column], 0, values.Length, keys);
        return keys;
    }

    private int Test(EncodedKeys keys)
    {
        var found = 0;
        for (var i = 0; i < keys.Count; i++)
        {
            found += _filter.MayContain(KeyHash.Of(keys, i)) ? 1 : 0;
        }

        return found;
    }

    private int Test(long[] keys)
    {
        var found = 0;
        foreach (var key in keys)
        {
            found += _index.MayContain(BloomFilterWriter.HashOf(key)) ? 1 : 0;
        }

        return found;
    }
}
