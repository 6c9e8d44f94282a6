using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Tests;

/// <summary>A random table with merge engine aggregation and the naive merge of its versions.</summary>
internal sealed class AggregationTable
{
    private readonly List<NaiveAggregator> _aggregators = [];
    private readonly bool _removesOnDelete;
    private readonly bool _takesRetracts = true;

    public AggregationTable(Random random)
    {
        var options = new Dictionary<string, string> { ["merge-engine"] = "aggregation" };
        _removesOnDelete = random.Next(3) == 0;
        if (_removesOnDelete)
        {
            options["aggregation.remove-record-on-delete"] = "true";
        }

        var columns = new List<(string, DataType)>();
        var names = NaiveAggregator.All.Keys.Order(StringComparer.Ordinal).ToArray();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var name = names[random.Next(names.Length)];
            var (types, canRetract) = NaiveAggregator.All[name];
            var ignoresRetracts = !_removesOnDelete && random.Next(canRetract ? 4 : 2) == 0;
            columns.Add(($"c{i}", Values.TypeOf(types[random.Next(types.Length)])));
            options[$"fields.c{i}.aggregate-function"] = name;
            options[$"fields.c{i}.ignore-retract"] = $"{ignoresRetracts}";
            _aggregators.Add(new NaiveAggregator(name, ignoresRetracts));
            _takesRetracts &= canRetract || ignoresRetracts;
        }

        Schema = MergeKit.Schema(options, [.. columns]);
    }

    public TableSchema Schema { get; }

    /// <summary>A table of sums of whole numbers, which take back what they were given in any order.</summary>
    public static TableSchema OfSums(Random random)
    {
        var type = random.Next(2) == 0 ? DataTypes.Int : DataTypes.BigInt;
        return MergeKit.Schema(
            new Dictionary<string, string> { ["merge-engine"] = "aggregation", ["fields.default-aggregate-function"] = "sum" },
            ("a", type),
            ("b", type));
    }

    public RowKind NextKind(Random random) => _takesRetracts ? (RowKind)random.Next(4)
        : _removesOnDelete && random.Next(4) == 0 ? RowKind.Delete
        : RowKind.Insert;

    public RowVersion Merge(IReadOnlyList<RowVersion> versions) => NaiveMerge.Aggregate(versions, _aggregators, _removesOnDelete);
}
