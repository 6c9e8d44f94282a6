using PaimonSharp.Data;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge;

/// <summary>Merge engine <c>aggregation</c>: every column that is not of the primary key has an aggregator.</summary>
internal sealed class AggregationEngine : MergeEngine
{
    /// <summary>The option that lets a <c>-D</c> remove the whole row.</summary>
    public const string RemoveOnDeleteKey = "aggregation.remove-record-on-delete";

    private readonly Dictionary<string, ColumnAggregate> _aggregates = new(StringComparer.Ordinal);
    private readonly bool _removesOnDelete;

    /// <summary>Reads the options.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: an option names no aggregator, or two contradict.</exception>
    public AggregationEngine(TableSchema schema, TableOptions options)
    {
        _removesOnDelete = options.GetBoolean(RemoveOnDeleteKey, false);
        var sequences = options.GetList("sequence.field");
        foreach (var field in schema.Fields)
        {
            if (sequences.Contains(field.Name))
            {
                _aggregates.Add(field.Name, new ColumnAggregate("last_value", field.Name, options));
            }
            else if (!schema.PrimaryKeys.Contains(field.Name))
            {
                var name = ColumnAggregate.NameOf(field.Name, options) ?? AggregatorRegistry.DefaultName;
                _aggregates.Add(field.Name, new ColumnAggregate(name, field.Name, options));
            }
        }
    }

    /// <inheritdoc/>
    public override bool NeedsValues => true;

    /// <inheritdoc/>
    public override BoundMerge Bind(RowType columns) =>
        new AggregationMerge([.. columns.Fields.Select(CreateColumn)], _removesOnDelete);

    /// <inheritdoc/>
    public override void CheckRetracts(IReadOnlyList<ColumnVector> columns, ReadOnlySpan<RowKind> kinds)
    {
        var refusing = _aggregates.FirstOrDefault(aggregate => aggregate.Value.RefusesRetracts);
        if (refusing.Value is null)
        {
            return;
        }

        foreach (var kind in kinds)
        {
            if (kind.IsRetract() && !(_removesOnDelete && kind == RowKind.Delete))
            {
                throw ColumnAggregate.RetractError(refusing.Value.Aggregator.Name, refusing.Key);
            }
        }
    }

    private FoldColumn CreateColumn(DataField field) =>
        _aggregates.TryGetValue(field.Name, out var aggregate) ? new FoldColumn(field, 0, aggregate) : new FoldColumn(field);
}
