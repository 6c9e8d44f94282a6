using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Schemas;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Merge.Aggregators;

namespace PaimonSharp.Merge;

/// <summary>
/// Merge engine <c>partial-update</c>: later versions fill in and replace what is not NULL in them; columns of a sequence group
/// follow its sequence fields instead of the age of the rows, and may be aggregated.
/// </summary>
internal sealed class PartialUpdateEngine : MergeEngine
{
    /// <summary>The option that lets a <c>-D</c> remove the whole row.</summary>
    public const string RemoveOnDeleteKey = "partial-update.remove-record-on-delete";

    /// <summary>The option that names the sequence fields by which a <c>-D</c> removes the whole row.</summary>
    public const string RemoveOnGroupKey = "partial-update.remove-record-on-sequence-group";

    private readonly TableSchema _schema;
    private readonly IReadOnlyList<SequenceGroup> _groups;
    private readonly Dictionary<string, int> _groupOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ColumnAggregate> _aggregates = new(StringComparer.Ordinal);
    private readonly PartialUpdateDeletes _deletes;

    /// <summary>Reads the options.</summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">Invalid: options that contradict each other, or that name what there is not.</exception>
    public PartialUpdateEngine(TableSchema schema, TableOptions options)
    {
        _schema = schema;
        _groups = SequenceGroup.ReadAll(schema, options);
        for (var group = 0; group < _groups.Count; group++)
        {
            foreach (var column in _groups[group].Sequences.Concat(_groups[group].Columns))
            {
                _groupOf[column] = group;
            }
        }

        _deletes = ReadDeletes(options);
        foreach (var field in schema.Fields)
        {
            var isSequence = _groups.Any(group => group.Sequences.Contains(field.Name));
            if (!isSequence && !schema.PrimaryKeys.Contains(field.Name)
                && ColumnAggregate.NameOf(field.Name, options) is { } name)
            {
                AddAggregate(field.Name, new ColumnAggregate(name, field.Name, options));
            }
        }
    }

    /// <inheritdoc/>
    public override bool NeedsValues => true;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, ColumnAggregate>> Aggregates => _aggregates;

    /// <inheritdoc/>
    public override IReadOnlyList<int> RequiredColumns(ReadOnlySpan<int> columns)
    {
        var wanted = columns.ToArray();
        var required = new List<int>();
        for (var group = 0; group < _groups.Count; group++)
        {
            var isNeeded = _groups[group].RemovesOnDelete
                || wanted.Any(index => _groupOf.GetValueOrDefault(_schema.Fields[index].Name, -1) == group);
            foreach (var index in _schema.IndexesOf(isNeeded ? _groups[group].Sequences : []))
            {
                if (!wanted.Contains(index))
                {
                    required.Add(index);
                }
            }
        }

        return required;
    }

    /// <inheritdoc/>
    public override BoundMerge Bind(RowType columns)
    {
        var sequences = new List<GroupSequence>();
        var lanes = new int[_groups.Count];
        for (var group = 0; group < _groups.Count; group++)
        {
            // Rows of a key do not differ in the columns of the partition, and those are not read.
            var names = _groups[group].Sequences.Where(name => !_schema.PartitionKeys.Contains(name)).ToList();
            var indexes = names.Select(columns.IndexOf).ToArray();
            if (!indexes.Contains(-1))
            {
                var hasPartition = names.Count < _groups[group].Sequences.Count;
                sequences.Add(new GroupSequence(columns, indexes, hasPartition, _groups[group].RemovesOnDelete));
                lanes[group] = sequences.Count;
            }
        }

        var bound = columns.Fields.Select(field => CreateColumn(field, lanes)).ToArray();
        return new PartialUpdateMerge(bound, [.. sequences], _deletes);
    }

    /// <inheritdoc/>
    public override bool MayRefuseRetracts =>
        _deletes == PartialUpdateDeletes.BySequenceGroup && _aggregates.Values.Any(aggregate => aggregate.RefusesRetracts);

    /// <inheritdoc/>
    public override void CheckRetract(IReadOnlyList<ColumnVector> columns, int row, RowKind kind)
    {
        foreach (var (column, aggregate) in _aggregates)
        {
            if (aggregate.RefusesRetracts
                && Array.Exists(_schema.IndexesOf(_groups[_groupOf[column]].Sequences), index => !columns[index].IsNull(row)))
            {
                throw ColumnAggregate.RetractError(aggregate.Aggregator.Name, column);
            }
        }
    }

    private PartialUpdateDeletes ReadDeletes(TableOptions options)
    {
        var ignores = IgnoresDelete(options);
        var removes = options.GetBoolean(RemoveOnDeleteKey, false);
        if (ignores && removes)
        {
            PaimonException.ThrowInvalid($"'ignore-delete' and '{RemoveOnDeleteKey}' exclude each other.");
        }

        if (ignores && options.Contains(RemoveOnGroupKey))
        {
            PaimonException.ThrowInvalid($"'ignore-delete' and '{RemoveOnGroupKey}' exclude each other.");
        }

        if (removes && _groups.Count > 0)
        {
            PaimonException.ThrowInvalid($"'{RemoveOnDeleteKey}' and sequence groups exclude each other.");
        }

        return ignores ? PartialUpdateDeletes.Ignored
            : _groups.Count > 0 ? PartialUpdateDeletes.BySequenceGroup
            : removes ? PartialUpdateDeletes.RemoveRow
            : PartialUpdateDeletes.Refused;
    }

    private void AddAggregate(string column, ColumnAggregate aggregate)
    {
        if (_groupOf.ContainsKey(column))
        {
            _aggregates.Add(column, aggregate);
        }
        else if (aggregate.Aggregator.Name != AggregatorRegistry.DefaultName)
        {
            PaimonException.ThrowInvalid(
                $"Column '{column}': aggregate function '{aggregate.Aggregator.Name}' needs a sequence group in a table with"
                + " merge-engine partial-update.");
        }
    }

    private FoldColumn CreateColumn(DataField field, int[] lanes)
    {
        if (_schema.PrimaryKeys.Contains(field.Name))
        {
            return new FoldColumn(field);
        }

        if (!_groupOf.TryGetValue(field.Name, out var group))
        {
            return new FoldColumn(field, 0, new SelectingFold<LastNonNullValueRule>());
        }

        if (_aggregates.TryGetValue(field.Name, out var aggregate))
        {
            return new FoldColumn(field, lanes[group], aggregate);
        }

        return new FoldColumn(
            field,
            lanes[group],
            _groups[group].Sequences.Contains(field.Name)
                ? new SelectingFold<SequenceFieldRule>()
                : new SelectingFold<OverwriteRule>());
    }
}
