using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Turning key columns into comparable bytes: one BIGINT fits its prefix and is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Merge")]
public class KeyEncodingBenchmark
{
    private readonly ColumnVector[] _single;
    private readonly ColumnVector[] _composite;
    private readonly KeyEncoder _singleEncoder;
    private readonly KeyEncoder _compositeEncoder;
    private readonly EncodedKeys _singleKeys;
    private readonly EncodedKeys _compositeKeys;

    public KeyEncodingBenchmark()
    {
        var single = KeyColumns.TypeOf(DataTypes.BigInt);
        var composite = KeyColumns.TypeOf(DataTypes.String, DataTypes.BigInt);
        _single = [KeyColumns.Longs(single.Fields[0].Type)];
        _composite = [KeyColumns.Texts(composite.Fields[0].Type), KeyColumns.Longs(composite.Fields[1].Type)];
        _singleEncoder = new KeyEncoder(single);
        _compositeEncoder = new KeyEncoder(composite);
        _singleKeys = _singleEncoder.CreateKeys();
        _compositeKeys = _compositeEncoder.CreateKeys();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int BigInt() => Encode(_singleEncoder, _single, _singleKeys);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int TextAndBigInt() => Encode(_compositeEncoder, _composite, _compositeKeys);

    private static int Encode(KeyEncoder encoder, ColumnVector[] columns, EncodedKeys keys)
    {
        keys.Clear();
        encoder.Encode(columns, 0, KeyColumns.RowCount, keys);
        return keys.Count;
    }
}
