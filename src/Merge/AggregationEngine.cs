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
    public override IEnumerable<KeyValuePair<string, ColumnAggregate>> Aggregates => _aggregates;

    /// <inheritdoc/>
    public override BoundMerge Bind(RowType columns) =>
        new AggregationMerge([.. columns.Fields.Select(CreateColumn)], _removesOnDelete);

    /// <inheritdoc/>
    public override bool MayRefuseRetracts => _aggregates.Values.Any(aggregate => aggregate.RefusesRetracts);

    /// <inheritdoc/>
    public override void CheckRetract(IReadOnlyList<ColumnVector> columns, int row, RowKind kind)
    {
        if (_removesOnDelete && kind == RowKind.Delete)
        {
            return;
        }

        foreach (var (column, aggregate) in _aggregates)
        {
            if (aggregate.RefusesRetracts)
            {
                throw ColumnAggregate.RetractError(aggregate.Aggregator.Name, column);
            }
        }
    }

    private FoldColumn CreateColumn(DataField field) =>
        _aggregates.TryGetValue(field.Name, out var aggregate) ? new FoldColumn(field, 0, aggregate) : new FoldColumn(field);
}
