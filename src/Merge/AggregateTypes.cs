using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge;

/// <summary>
/// Whether the aggregators of a table take the types of its columns. Paimon looks at that when rows are merged: a table for which
/// it is not so can be made there, but not written.
/// </summary>
internal static class AggregateTypes
{
    /// <summary>Looks at all columns.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <returns>What is wrong, one error a column at most; empty where nothing is.</returns>
    public static IReadOnlyList<PaimonException> Refusals(TableSchema schema, TableOptions options)
    {
        var refusals = new List<PaimonException>();
        if (schema.PrimaryKeys.Count == 0)
        {
            return refusals;
        }

        try
        {
            foreach (var (column, aggregate) in MergeEngine.Create(schema, options).Aggregates)
            {
                if (RefusalOf(schema.Fields[schema.RowType.IndexOf(column)], aggregate) is { } refusal)
                {
                    refusals.Add(refusal);
                }
            }
        }
        catch (PaimonException e)
        {
            refusals.Add(e);
        }

        return refusals;
    }

    private static PaimonException? RefusalOf(DataField field, ColumnAggregate aggregate)
    {
        var name = aggregate.Aggregator.Name;
        if (name is "max" or "min" && !ExtremeFolds.HasOrder(field.Type))
        {
            return AggregatorRegistry.TypeError(name, field, "numbers, texts, bytes, dates and times");
        }

        try
        {
            aggregate.CreateFold(field);
            return null;
        }
        catch (PaimonException e)
        {
            return e;
        }
    }
}
