using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Storage.Tests.Models;

/// <summary>A table of a model: all that decides what its rows become, and options that must not decide anything.</summary>
internal sealed record ModelShape
{
    public required string Engine { get; init; }

    /// <summary>The changelog producer.</summary>
    public required string Producer { get; init; }

    public required ModelBuckets Buckets { get; init; }

    public bool HasVectors { get; init; }

    public required IReadOnlyList<DataType> KeyTypes { get; init; }

    /// <summary>The type of the partition column; null for none.</summary>
    public DataType? PartitionType { get; init; }

    /// <summary>The columns after partition and key.</summary>
    public required IReadOnlyList<ModelField> Fields { get; init; }

    public RetractRule Retracts { get; init; }

    /// <summary>Option <c>sequence.field.sort-order</c>: the smallest value is the newest.</summary>
    public bool IsDescending { get; init; }

    /// <summary>What merge engine aggregation does with columns that have no function of their own.</summary>
    public string DefaultFunction { get; init; } = "last_non_null_value";

    /// <summary>True when sequences of a key never go back: the merge of parts would depend on the parts else.</summary>
    public bool IsMonotone { get; init; }

    /// <summary>Options that the engine needs for all this.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Options { get; init; }

    /// <summary>Options that must not change what is read.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tuning { get; init; } = [];

    public bool IsFirstRow => Engine == "first-row";

    public bool IsFolding => Engine is "aggregation" or "partial-update";

    public bool IgnoresRetracts => Has("ignore-delete");

    public bool IgnoresUpdatesBefore => Has("ignore-update-before");

    public bool IsWriteOnly => Has("write-only");

    /// <summary>True when batch reads leave level 0 out.</summary>
    public bool HidesLevelZero => HasVectors || IsFirstRow;

    /// <summary>True when every row of level 0 meets the engine in a compaction, also a lone one (fact 39).</summary>
    public bool LooksUp => IsFirstRow || HasVectors || Producer == "lookup" || Has("force-lookup");

    /// <summary>True when the table itself is ordered by fields, not each of its groups.</summary>
    public bool HasSequence => Fields.Any(column => column is { IsSequence: true, Group: ModelField.NoGroup });

    /// <summary>True when a commit of the only writer leaves nothing at level 0: it waits for compactions that merge all of it.</summary>
    public bool EmptiesLevelZero =>
        LooksUp && !IsWriteOnly && Buckets != ModelBuckets.Postponed
        && !Tuning.Any(option => option is { Key: "lookup-wait" or "lookup-compact" });

    /// <summary>True when changes outlive their snapshots.</summary>
    public bool KeepsChanges => Options.Any(option => option.Key == "changelog.time-retained");

    /// <summary>True when several may write at a time.</summary>
    public bool AllowsOtherWriters => Buckets is ModelBuckets.Fixed or ModelBuckets.Postponed;

    /// <summary>True when changes that change nothing are left out of the changelog.</summary>
    public bool DropsEqualImages => Has("changelog-producer.row-deduplicate") && Producer is "lookup" or "full-compaction";

    public bool HasPartitionInKey => PartitionType is not null && Buckets != ModelBuckets.CrossPartition;

    public TableDefinition Definition
    {
        get
        {
            var keys = KeyTypes.Select((_, i) => $"k{i}").ToList();
            var definition = new TableDefinition
            {
                PrimaryKeys = HasPartitionInKey ? ["p", .. keys] : keys,
                PartitionKeys = PartitionType is null ? [] : ["p"],
                Columns =
                [
                    .. PartitionType is null ? Array.Empty<ColumnDefinition>() : [new ColumnDefinition("p", PartitionType)],
                    .. KeyTypes.Select((type, i) => new ColumnDefinition($"k{i}", type)),
                    .. Fields.Select(column => new ColumnDefinition(column.Name, column.Type)),
                ],
            };
            definition = definition
                .Option("merge-engine", Engine)
                .Option("changelog-producer", Producer)
                .Option("deletion-vectors.enabled", HasVectors ? "true" : "false");
            definition = Buckets is ModelBuckets.Fixed or ModelBuckets.Postponed ? definition : definition.Option("bucket", "-1");
            foreach (var (key, value) in Options.Concat(Tuning))
            {
                definition = definition.Option(key, value);
            }

            return definition;
        }
    }

    public override string ToString() =>
        $"{Engine}, producer {Producer}, {Buckets} buckets{(HasVectors ? ", deletion vectors" : "")}, retracts {Retracts}"
        + $"{(IsMonotone ? ", monotone" : "")}\n  key {string.Join(", ", KeyTypes)}"
        + $"{(PartitionType is null ? "" : $", partition {PartitionType}")}; {string.Join("; ", Fields)}"
        + $"\n  {string.Join(", ", Options.Select(option => $"{option.Key}={option.Value}"))}"
        + $"\n  {string.Join(", ", Tuning.Select(option => $"{option.Key}={option.Value}"))}";

    private bool Has(string option) => Options.Concat(Tuning).Any(pair => pair.Key == option && pair.Value == "true");
}
