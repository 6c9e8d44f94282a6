using PaimonSharp.Data;
using PaimonSharp.Data.Types;
using PaimonSharp.Merge.Tests;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>What the rows of a key become: the naive merge of all that were ever written, oldest first.</summary>
internal sealed class ModelMerge(ModelShape shape)
{
    /// <summary>The row of a key, null when there is none.</summary>
    public ModelVersion? Merge(IReadOnlyList<ModelVersion> written, IReadOnlyList<ModelField> fields)
    {
        var versions = InOrder(written.Where(version => !IsFiltered(version.Kind)));
        if (versions.Count == 0)
        {
            return null;
        }

        var rows = versions.Select(version => ToRow(version, fields)).ToList();
        var merged = rows.Count == 1 ? rows[0] : Merge(rows, fields);
        if (merged is null || merged.Kind.IsRetract())
        {
            return null;
        }

        // A key that may move is where it was last, or where it was first when rows are folded into the one that is there.
        var partition = (shape.IsFolding || shape.IsFirstRow ? written[0] : written[^1]).Partition;
        return new ModelVersion(
            merged.Kind, partition, fields.Select((field, i) => (field.Id, Value: merged.Values[i + 1])).ToDictionary(x => x.Id, x => x.Value));
    }

    /// <summary>True for a row that is dropped before it is written.</summary>
    public bool IsFiltered(RowKind kind) =>
        (shape.IgnoresRetracts && kind.IsRetract()) || (shape.IgnoresUpdatesBefore && kind == RowKind.UpdateBefore);

    /// <summary>The order of two rows by fields, oldest first. NULL is the oldest in both directions.</summary>
    public static int Compare(ModelVersion left, ModelVersion right, IEnumerable<ModelField> sequences, bool isDescending)
    {
        foreach (var field in sequences)
        {
            var (a, b) = (left.Values.GetValueOrDefault(field.Id), right.Values.GetValueOrDefault(field.Id));
            if (!Equals(a, b))
            {
                return isDescending && a is not null && b is not null
                    ? Comparer<object>.Default.Compare(b, a)
                    : Comparer<object?>.Default.Compare(a, b);
            }
        }

        return 0;
    }

    private static RowVersion ToRow(ModelVersion version, IReadOnlyList<ModelField> fields) =>
        new(version.Kind, [0, .. fields.Select(field => Read(version.Values.GetValueOrDefault(field.Id), field.Type))]);

    // A column may have grown since the row was written.
    private static object? Read(object? value, DataType type) => value is int number && type.Root == TypeRoot.BigInt ? (long)number : value;

    private static NaiveAggregator Aggregator(ModelField field, string absent) =>
        new(field.Function ?? absent, field.IgnoresRetracts);

    private List<ModelVersion> InOrder(IEnumerable<ModelVersion> versions)
    {
        var sequences = shape.Fields.Where(field => field is { IsSequence: true, Group: ModelField.NoGroup }).ToList();
        return [.. versions.Order(Comparer<ModelVersion>.Create((left, right) =>
            Compare(left, right, sequences, shape.IsDescending)))];
    }

    private RowVersion? Merge(IReadOnlyList<RowVersion> rows, IReadOnlyList<ModelField> fields) => shape.Engine switch
    {
        "deduplicate" => NaiveMerge.Deduplicate(rows, ignoreDelete: false),
        "first-row" => NaiveMerge.FirstRow(rows),
        "aggregation" => NaiveMerge.Aggregate(
            rows,
            [.. fields.Select(field => Aggregator(field, field.IsSequence ? "last_value" : shape.DefaultFunction))],
            shape.Retracts == RetractRule.Last),
        _ => PartialUpdate(fields).Merge(rows),
    };

    private NaivePartialUpdate PartialUpdate(IReadOnlyList<ModelField> fields)
    {
        int[] Sequences(int group) => [.. Enumerable.Range(1, fields.Count).Where(i => fields[i - 1].IsSequence && fields[i - 1].Group == group)];
        var hasGroups = fields.Any(field => field.Group != ModelField.NoGroup);
        return new NaivePartialUpdate
        {
            SequencesOf = [null, .. fields.Select(field => field.Group == ModelField.NoGroup ? null : Sequences(field.Group))],
            Aggregators = [null, .. fields.Select(field => field.Function is null ? null : Aggregator(field, ""))],
            RemovingFields = shape.Retracts == RetractRule.Last && hasGroups ? [1 + fields.ToList().FindIndex(field => field.Name == "s0")] : [],
            RemovesOnDelete = shape.Retracts == RetractRule.Last && !hasGroups,
        };
    }
}
