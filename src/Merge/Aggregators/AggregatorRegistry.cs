using System.Collections.Frozen;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>All aggregators by the names that options know them by (docs/format.md#aggregators).</summary>
internal static class AggregatorRegistry
{
    /// <summary>What an aggregated column has when no option names a function.</summary>
    public const string DefaultName = "last_non_null_value";

    private static readonly FrozenDictionary<string, Aggregator> ByName = new Aggregator[]
    {
        new("last_value", true, (_, _) => new SelectingFold<LastValueRule>()),
        new("last_non_null_value", true, (_, _) => new SelectingFold<LastNonNullValueRule>()),
        new("first_value", false, (_, _) => new SelectingFold<FirstValueRule>()),
        new("first_non_null_value", false, (_, _) => new SelectingFold<FirstNonNullValueRule>()),
        new("first_not_null_value", false, (_, _) => new SelectingFold<FirstNonNullValueRule>()),
        new("primary-key", true, (_, _) => new SelectingFold<PrimaryKeyRule>()),
        new("max", false, (field, _) => ExtremeFolds.Create(field.Type, isMax: true)),
        new("min", false, (field, _) => ExtremeFolds.Create(field.Type, isMax: false)),
        new("sum", true, (field, _) => SumFolds.Create(field)),
        new("bool_and", false, (field, _) => new BooleanFold(field, isAnd: true)),
        new("bool_or", false, (field, _) => new BooleanFold(field, isAnd: false)),
        new("product", true, (field, _) => ProductFolds.Create(field)),
        new("listagg", false, (field, options) => new ListaggFold(field, options)),
        new("collect", true, (field, options) => new CollectFold(field, options)),
        new("merge_map", true, (field, _) => new MergeMapFold(field)),
        new("merge_map_with_keytime", false, (field, options) => new MergeMapWithKeyTimeFold(field, options)),
        new("nested_update", true, (field, options) => new NestedUpdateFold(field, options)),
        new("nested_partial_update", false, (field, options) => new NestedPartialUpdateFold(field, options)),
        new("theta_sketch", false, (field, _) => new BinaryUnionFold("theta_sketch", field, new ThetaUnion())),
        new("hll_sketch", false, (field, _) => new BinaryUnionFold("hll_sketch", field, new HllUnion())),
        new("rbm32", false, (field, _) => new BinaryUnionFold("rbm32", field, new BitmapUnion())),
        new("rbm64", false, (field, _) => new BinaryUnionFold("rbm64", field, new BitmapUnion64())),
    }.ToFrozenDictionary(aggregator => aggregator.Name, StringComparer.Ordinal);

    /// <summary>Finds an aggregator.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="column">The column that is to have it, for the error.</param>
    /// <exception cref="PaimonException">Invalid: there is none of that name.</exception>
    public static Aggregator Get(string name, string column) =>
        ByName.TryGetValue(name, out var aggregator)
            ? aggregator
            : throw new PaimonException(
                ErrorKind.Invalid,
                $"Column '{column}': there is no aggregate function '{name}'; there are"
                + $" {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>The error for a column whose type an aggregator does not take.</summary>
    /// <param name="name">The aggregator.</param>
    /// <param name="field">The column.</param>
    /// <param name="expected">What it takes.</param>
    public static PaimonException TypeError(string name, DataField field, string expected) =>
        new(ErrorKind.Invalid, $"Column '{field.Name}': aggregate function '{name}' takes {expected}, not {field.Type}.");
}
