using PaimonSharp.Data;

namespace PaimonSharp.Merge.Tests;

/// <summary>Merge engine partial-update on objects, one version and one column at a time.</summary>
internal sealed class NaivePartialUpdate
{
    private object?[] _row = [];

    /// <summary>For each column the positions of the sequence fields of its group; null without group.</summary>
    public required int[]?[] SequencesOf { get; init; }

    /// <summary>For each column its aggregator, if any.</summary>
    public required NaiveAggregator?[] Aggregators { get; init; }

    /// <summary>The sequence fields by which a -D removes the row.</summary>
    public int[] RemovingFields { get; init; } = [];

    public bool IgnoresDelete { get; init; }

    public bool RemovesOnDelete { get; init; }

    private bool HasGroups => Array.Exists(SequencesOf, sequences => sequences is not null);

    public RowVersion Merge(IReadOnlyList<RowVersion> versions)
    {
        _row = new object?[SequencesOf.Length];
        var (isFilled, hasAdds, isRemoved) = (false, false, false);
        foreach (var aggregator in Aggregators)
        {
            aggregator?.Reset();
        }

        foreach (var version in versions)
        {
            isRemoved = false;
            if (version.Kind.IsAdd())
            {
                Add(version.Values);
                hasAdds = true;
            }
            else
            {
                _row = isFilled ? _row : [.. version.Values];
                isRemoved = Retract(version);
            }

            isFilled = true;
        }

        return new RowVersion(isRemoved || !hasAdds ? RowKind.Delete : RowKind.Insert, _row);
    }

    private void Add(object?[] values)
    {
        var before = (object?[])_row.Clone();
        for (var i = 0; i < values.Length; i++)
        {
            if (SequencesOf[i] is not { } sequences)
            {
                _row[i] = values[i] ?? _row[i];
            }
            else if (!IsEmpty(values, sequences))
            {
                var isNewer = Compare(values, before, sequences) >= 0;
                _row[i] = sequences.Contains(i) || Aggregators[i] is null ? (isNewer ? values[i] : _row[i])
                    : isNewer ? Aggregators[i]!.Add(_row[i], values[i])
                    : Aggregators[i]!.AddOlder(_row[i], values[i]);
            }
        }
    }

    private bool Retract(RowVersion version)
    {
        if (IgnoresDelete)
        {
            return false;
        }

        if (!HasGroups)
        {
            if (RemovesOnDelete && version.Kind == RowKind.Delete)
            {
                _row = [.. version.Values];
                return true;
            }

            return false;
        }

        var values = version.Values;
        var before = (object?[])_row.Clone();
        for (var i = 0; i < values.Length; i++)
        {
            if (SequencesOf[i] is not { } sequences || IsEmpty(values, sequences))
            {
                continue;
            }

            var isNewer = Compare(values, before, sequences) >= 0;
            if (isNewer && version.Kind == RowKind.Delete && sequences.Intersect(RemovingFields).Any())
            {
                _row = [.. values];
                return true;
            }

            _row[i] = sequences.Contains(i) ? (isNewer ? values[i] : _row[i])
                : Aggregators[i] is { } aggregator ? aggregator.Retract(_row[i], values[i])
                : isNewer ? null
                : _row[i];
        }

        return false;
    }

    private static bool IsEmpty(object?[] values, int[] sequences) => sequences.All(index => values[index] is null);

    private static int Compare(object?[] left, object?[] right, int[] sequences)
    {
        foreach (var index in sequences)
        {
            var order = Comparer<object?>.Default.Compare(left[index], right[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
