using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Predicates;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Micro;

/// <summary>Conditions over a batch: a loop written by hand for one comparison is the baseline.</summary>
[MemoryDiagnoser]
[BenchmarkCategory("Scan")]
public class PredicateBenchmark
{
    private const long Bound = 5_000_000_000;
    private readonly ColumnBatch _batch;
    private readonly RowSelection _selection = new();
    private readonly Predicate _long;
    private readonly Predicate _text;
    private readonly Predicate _both;

    public PredicateBenchmark()
    {
        var type = KeyColumns.TypeOf(DataTypes.BigInt, DataTypes.String);
        _batch = new ColumnBatch(
            type, [.. type.Fields.Select(field => OrderRows.Column(field.Type, KeyColumns.RowCount))], KeyColumns.RowCount);
        _long = Predicate.Leaf(type, "c0", PredicateOperator.LessThan, Bound);
        _text = Predicate.Leaf(type, "c1", PredicateOperator.StartsWith, "customer-00");
        _both = Predicate.And(_long, _text);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int HandWritten()
    {
        _selection.Reset(_batch.RowCount);
        var words = _selection.Words;
        var values = ((FixedVector<long>)_batch.Columns[0]).Values;
        for (var i = 0; i < values.Length; i++)
        {
            words[i >> 6] |= (values[i] < Bound ? 1UL : 0) << (i & 63);
        }

        return _selection.Count;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int BigIntLessThan() => Evaluate(_long);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int TextStartsWith() => Evaluate(_text);

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Conjunction() => Evaluate(_both);

    private int Evaluate(Predicate predicate)
    {
        predicate.Evaluate(_batch, _selection);
        return _selection.Count;
    }
}
