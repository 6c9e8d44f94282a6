using PaimonSharp.Data;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Tests;

/// <summary>
/// A random table with merge engine partial-update and the naive merge of its versions. Columns: k, a, b without group; g, c, d, e
/// and h, i, f, where g orders c, d, e and (h, i) or h order f, where there are groups.
/// </summary>
internal sealed class PartialUpdateTable
{
    private readonly NaivePartialUpdate _naive;
    private readonly bool _takesRetracts = true;

    /// <summary>Makes a table.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="isAssociative">True to leave out aggregators whose result depends on what was merged with what.</param>
    public PartialUpdateTable(Random random, bool isAssociative = false)
    {
        var options = new Dictionary<string, string> { ["merge-engine"] = "partial-update" };
        var sequences = new int[]?[10];
        var aggregators = new NaiveAggregator?[10];
        var removing = new List<int>();
        var hasGroups = random.Next(3) > 0;
        var types = new DataType[] { DataTypes.Int, DataTypes.String, DataTypes.Boolean };
        var fourth = types[random.Next(types.Length)];
        if (hasGroups)
        {
            options["fields.g.sequence-group"] = "c,d,e";
            int[] second = random.Next(2) == 0 ? [7, 8] : [7];
            options[second.Length == 2 ? "fields.h,i.sequence-group" : "fields.h.sequence-group"] = "f";
            (sequences[3], sequences[4], sequences[5], sequences[6]) = ([3], [3], [3], [3]);
            (sequences[7], sequences[8], sequences[9]) = (second, second.Length == 2 ? second : null, second);
            foreach (var (index, name) in new[] { (4, "c"), (5, "d"), (9, "f") })
            {
                var function = NextFunction(random, isAssociative);
                if (function is not null)
                {
                    var ignoresRetracts = random.Next(3) == 0;
                    aggregators[index] = new NaiveAggregator(function, ignoresRetracts);
                    options[$"fields.{name}.aggregate-function"] = function;
                    options[$"fields.{name}.ignore-retract"] = $"{ignoresRetracts}";
                    _takesRetracts &= ignoresRetracts || NaiveAggregator.All[function].CanRetract;
                }
            }

            if (random.Next(2) == 0)
            {
                var names = new[] { "g", "h" };
                var chosen = random.Next(1, 4);
                removing = [.. new[] { 3, 7 }.Where((_, i) => (chosen & (1 << i)) != 0)];
                options["partial-update.remove-record-on-sequence-group"] =
                    string.Join(",", names.Where((_, i) => (chosen & (1 << i)) != 0));
            }
        }

        var deletes = hasGroups ? 0 : random.Next(1, 3);
        options[deletes == 1 ? "ignore-delete" : deletes == 2 ? "partial-update.remove-record-on-delete" : "comment"] = "true";
        _naive = new NaivePartialUpdate
        {
            SequencesOf = sequences,
            Aggregators = aggregators,
            RemovingFields = [.. removing],
            IgnoresDelete = deletes == 1,
            RemovesOnDelete = deletes == 2,
        };
        Schema = MergeKit.Schema(
            options,
            ("a", DataTypes.Int),
            ("b", DataTypes.String),
            ("g", DataTypes.Int),
            ("c", DataTypes.Int),
            ("d", DataTypes.Int),
            ("e", fourth),
            ("h", DataTypes.Int),
            ("i", DataTypes.Int),
            ("f", DataTypes.Int));
    }

    public TableSchema Schema { get; }

    public RowKind NextKind(Random random) => _takesRetracts ? (RowKind)random.Next(4) : RowKind.UpdateAfter;

    public RowVersion Merge(IReadOnlyList<RowVersion> versions) => _naive.Merge(versions);

    private static string? NextFunction(Random random, bool isAssociative)
    {
        string?[] functions = isAssociative
            ? [null, "sum", "max", "min"]
            : [null, "sum", "max", "last_value", "last_non_null_value", "first_value", "first_non_null_value"];
        return functions[random.Next(functions.Length)];
    }
}
