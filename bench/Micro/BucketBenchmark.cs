using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Hashing;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Choosing the bucket of each row: one BIGINT key is the baseline, two columns take the way through a binary row.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Commit")]
public class BucketBenchmark
{
    private const int Buckets = 16;
    private readonly int[] _buckets = new int[KeyColumns.RowCount];
    private readonly ColumnVector[] _single;
    private readonly ColumnVector[] _text;
    private readonly ColumnVector[] _composite;
    private readonly BucketFunction _singleFunction;
    private readonly BucketFunction _textFunction;
    private readonly BucketFunction _compositeFunction;

    public BucketBenchmark()
    {
        var single = KeyColumns.TypeOf(DataTypes.BigInt);
        var text = KeyColumns.TypeOf(DataTypes.String);
        var composite = KeyColumns.TypeOf(DataTypes.BigInt, DataTypes.String);
        _single = [KeyColumns.Longs(single.Fields[0].Type)];
        _text = [KeyColumns.Texts(text.Fields[0].Type)];
        _composite = [KeyColumns.Longs(composite.Fields[0].Type), KeyColumns.Texts(composite.Fields[1].Type)];
        _singleFunction = BucketFunction.Create(BucketFunctionType.Default, single);
        _textFunction = BucketFunction.Create(BucketFunctionType.Default, text);
        _compositeFunction = BucketFunction.Create(BucketFunctionType.Default, composite);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int BigInt() => Assign(_singleFunction, _single);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Text() => Assign(_textFunction, _text);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int BigIntAndText() => Assign(_compositeFunction, _composite);

    private int Assign(BucketFunction function, ColumnVector[] keys)
    {
        function.Assign(keys, 0, Buckets, _buckets);
        return _buckets[^1];
    }
}
