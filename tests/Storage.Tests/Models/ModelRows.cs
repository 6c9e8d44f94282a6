using PaimonSharp.Data;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>
/// Makes rows that are asked for ones for which a table's options define a result, whatever is merged with what. What is left out
/// is what Paimon gives another result for from one layout to the next: tombstones lost with their sequence (fact 8), late
/// retractions beside deletion vectors, and changes of keys that were deleted there (fact 38), lone rows that meet the engine
/// (fact 39).
/// </summary>
internal sealed class ModelRows(ModelShape shape, ModelMerge merge)
{
    /// <summary>The keys below are those of the case's own writer.</summary>
    public const int KeysOfWriter = 25;

    /// <summary>Keys of so many partitions are told apart.</summary>
    public const int KeySpace = 3;

    /// <summary>The number of a key: another one in each partition where the partition is part of it.</summary>
    public int KeyOf(ModelRowInput input) => shape.HasPartitionInKey ? (input.Key * KeySpace) + PartitionOf(input) : input.Key;

    /// <summary>True for a number that <see cref="KeyOf"/> may give.</summary>
    public bool IsKey(int key) => !shape.HasPartitionInKey || shape.PartitionType!.Root != Data.Types.TypeRoot.Boolean || key % KeySpace < 2;

    /// <summary>The values of a key's columns, the partition not among them.</summary>
    public object[] KeyValues(int key)
    {
        var number = shape.HasPartitionInKey ? key / KeySpace : key;
        var values = new object[shape.KeyTypes.Count];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = ModelValues.Key(shape.KeyTypes[i], i == 0 ? number : number % 3);
            number = i == 0 ? number : number / 3;
        }

        return values;
    }

    /// <summary>The row to write, null for none.</summary>
    /// <param name="input">What is asked for.</param>
    /// <param name="state">What was written.</param>
    /// <param name="fields">The writer's columns.</param>
    public ModelVersion? Next(ModelRowInput input, ModelState state, IReadOnlyList<ModelField> fields)
    {
        var before = state.Of(KeyOf(input));
        var last = before.Count == 0 ? null : before[^1];
        var isLast = shape.Retracts == RetractRule.Last
            || shape is { HasVectors: true, HasSequence: true, Producer: "lookup", Engine: "deduplicate" };
        if (isLast && last?.Kind.IsRetract() == true)
        {
            return null;
        }

        var version = new ModelVersion(KindOf(input.Kind, before, state), PartitionOf(input), NewValues(input, fields));
        if (version.Kind.IsRetract() && shape.Retracts is RetractRule.Last or RetractRule.OfGroups && version.Kind.IsRetract())
        {
            version = version with
            {
                Values = version.Values.ToDictionary(
                    value => value.Key, value => fields.First(field => field.Id == value.Key).IsSequence ? value.Value : null),
            };
        }

        foreach (var group in fields.Where(field => field.IsSequence).GroupBy(field => field.Group))
        {
            version = InSequence(version, before, [.. group], fields);
        }

        return version;
    }

    private int PartitionOf(ModelRowInput input) => shape.PartitionType switch
    {
        null => 0,
        { Root: Data.Types.TypeRoot.Boolean } => input.Partition % 2,
        _ => input.Partition,
    };

    private RowKind KindOf(RowKind asked, IReadOnlyList<ModelVersion> before, ModelState state)
    {
        var isAllowed = asked.IsAdd() || merge.IsFiltered(asked) || shape.Retracts switch
        {
            RetractRule.None => false,
            RetractRule.OfPresentKeys => merge.Merge(before, state.Fields) is not null,
            RetractRule.Last => asked == RowKind.Delete,
            _ => true,
        };
        return isAllowed ? asked : RowKind.UpdateAfter;
    }

    private static Dictionary<int, object?> NewValues(ModelRowInput input, IReadOnlyList<ModelField> fields) => fields.ToDictionary(
        field => field.Id,
        field => ModelValues.Next(new Random((input.Seed * 31) + field.Id), field.Type));

    // Sequences may be late while that changes nothing: no tombstone is lost, and no column depends on the order of merges.
    private ModelVersion InSequence(
        ModelVersion version, IReadOnlyList<ModelVersion> before, IReadOnlyList<ModelField> sequences, IReadOnlyList<ModelField> fields)
    {
        var values = version.Values.ToDictionary();
        var hasRetracts = shape.Retracts is RetractRule.OfGroups or RetractRule.Last;
        var mayBeLate = !shape.IsMonotone && (shape.Retracts == RetractRule.OfPresentKeys
            || (!version.Kind.IsRetract() && before.All(row => !row.Kind.IsRetract() || merge.IsFiltered(row.Kind))));
        var mayBeNull = mayBeLate || (sequences[0].Group != ModelField.NoGroup && !hasRetracts);
        foreach (var field in mayBeNull ? [] : sequences)
        {
            values[field.Id] ??= ModelValues.Sequence(field.Type);
        }

        var isEmpty = sequences.All(field => values[field.Id] is null);
        if (isEmpty && sequences[0].Group != ModelField.NoGroup)
        {
            foreach (var field in shape.LooksUp ? fields.Where(field => field.Group == sequences[0].Group) : [])
            {
                values[field.Id] = null;
            }

            return version with { Values = values };
        }

        version = version with { Values = values };
        foreach (var row in mayBeLate ? [] : before)
        {
            if (ModelMerge.Compare(version, row, sequences, shape.IsDescending) < 0)
            {
                foreach (var field in sequences)
                {
                    values[field.Id] = row.Values.GetValueOrDefault(field.Id);
                }
            }
        }

        return version;
    }
}
