using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// What the versions of one key become: a table's merge engine with its options (docs/format.md#merge-engines). The result
/// does not depend on how the versions are split over several merges: merging a merged prefix with newer versions gives the
/// same row. Immutable; safe for several threads.
/// </summary>
internal abstract class MergeEngine
{
    /// <summary>
    /// True when values take part in the merge; false when rows are chosen by their age and kind alone, so that values need to
    /// be read only of the rows chosen.
    /// </summary>
    public abstract bool NeedsValues { get; }

    /// <summary>The engine that a table's options ask for.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: options that contradict each other, or that name what there is not.</exception>
    public static MergeEngine Create(TableSchema schema, TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return options.GetChoice("merge-engine") switch
        {
            "deduplicate" => new DeduplicateEngine(IgnoresDelete(options)),
            "partial-update" => new PartialUpdateEngine(schema, options),
            "aggregation" => new AggregationEngine(schema, options),
            _ => new FirstRowEngine(IgnoresDelete(options)),
        };
    }

    /// <summary>True when retractions are dropped before they are written (option <c>ignore-delete</c> and its old names).</summary>
    /// <param name="options">The table's options.</param>
    public static bool IgnoresDelete(TableOptions options) => options.GetBoolean("ignore-delete", false);

    /// <summary>The columns that have aggregators.</summary>
    public virtual IEnumerable<KeyValuePair<string, ColumnAggregate>> Aggregates => [];

    /// <summary>The columns without which some others cannot be merged.</summary>
    /// <param name="columns">Positions among the schema's columns.</param>
    /// <returns>The positions to read beside them.</returns>
    public virtual IReadOnlyList<int> RequiredColumns(ReadOnlySpan<int> columns) => [];

    /// <summary>True when <see cref="CheckRetract"/> may refuse a row.</summary>
    public virtual bool MayRefuseRetracts => false;

    /// <summary>Refuses a retraction that could be written but never be merged, as an aggregator cannot take it back.</summary>
    /// <param name="columns">All columns of the schema.</param>
    /// <param name="row">The row.</param>
    /// <param name="kind">Its kind, a retraction.</param>
    /// <exception cref="PaimonException">Invalid: it is such a row.</exception>
    public virtual void CheckRetract(IReadOnlyList<ColumnVector> columns, int row, RowKind kind)
    {
    }

    /// <summary>The engine for some columns of the table.</summary>
    /// <param name="columns">The columns, with those that <see cref="RequiredColumns"/> names.</param>
    /// <exception cref="PaimonException">Invalid: an aggregator does not take its column's type.</exception>
    public abstract BoundMerge Bind(RowType columns);
}
