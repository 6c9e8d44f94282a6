using BenchmarkDotNet.Attributes;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Bench.Micro;

/// <summary>
/// What aggregators make of 2048 keys with 4 versions each, which lie in 4 runs; a version is an operation. The baseline copies
/// the newest version of each key, as merge engine deduplicate does.
/// </summary>
[MemoryDiagnoser]
[BenchmarkCategory("Merge")]
public class FoldBenchmark
{
    private const int Versions = 4;
    private readonly MergePlan _plan = new();
    private readonly int[] _groups = [.. Enumerable.Range(0, KeyColumns.RowCount / Versions)];
    private ColumnVector[] _sources = [];
    private ColumnVector _results = null!;
    private RowReference[] _newest = [];
    private ColumnFold _fold = null!;
    private FoldOutput _output = null!;

    /// <summary>The aggregator.</summary>
    [Params(
        "sum", "sum DECIMAL(18, 2)", "sum DECIMAL(38, 4)", "product", "product DECIMAL(18, 2)", "max", "max STRING", "last_value",
        "last_non_null_value", "first_value", "first_non_null_value", "bool_and", "bool_or", "listagg", "listagg distinct", "collect", "collect distinct",
        "merge_map", "merge_map_with_keytime", "nested_update", "nested_update with keys", "nested_partial_update",
        "theta_sketch", "hll_sketch", "rbm32", "rbm64")]
    public string Function { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var name = Function.Split(' ')[0];
        var type = FoldValues.TypeOf(Function);
        var options = new Dictionary<string, string>();
        if (Function.EndsWith("distinct", StringComparison.Ordinal))
        {
            options["fields.c.distinct"] = "true";
        }

        if (Function is "nested_update with keys" or "nested_partial_update")
        {
            options["fields.c.nested-key"] = "id";
        }

        _fold = AggregatorRegistry.Get(name, "c").Create(new DataField(0, "c", type), new TableOptions(options));
        _sources = [.. Enumerable.Range(0, Versions).Select(run => FoldValues.Column(Function, type, _groups.Length, run))];
        _results = ColumnVector.Create(type);
        _output = new FoldOutput(type, Versions);
        _newest = new RowReference[_groups.Length];
        foreach (var group in _groups)
        {
            _plan.BeginGroup(new RowReference(0, group));
            for (var run = 1; run < Versions; run++)
            {
                _plan.Add(new RowReference(run, group));
            }

            _newest[group] = new RowReference(Versions - 1, group);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = KeyColumns.RowCount)]
    public int Newest()
    {
        _results.Clear();
        _results.AppendGather(_sources, _newest);
        return _results.Length;
    }

    [Benchmark(OperationsPerInvoke = KeyColumns.RowCount)]
    public int Fold()
    {
        _output.Clear();
        _fold.Fold(new FoldInput { Plan = _plan, Groups = _groups, Actions = default, Sources = _sources }, _output);
        return _output.Count;
    }
}
