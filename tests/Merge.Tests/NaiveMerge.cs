using PaimonSharp.Data;

namespace PaimonSharp.Merge.Tests;

/// <summary>Merge engines on objects, one version at a time: what the engines on columns must agree with.</summary>
internal static class NaiveMerge
{
    public static RowVersion? Deduplicate(IReadOnlyList<RowVersion> versions, bool ignoreDelete) =>
        versions.LastOrDefault(version => !ignoreDelete || version.Kind.IsAdd());

    public static RowVersion? FirstRow(IReadOnlyList<RowVersion> versions) =>
        versions.FirstOrDefault(version => version.Kind.IsAdd());

    /// <summary>Merge engine aggregation.</summary>
    /// <param name="versions">The versions.</param>
    /// <param name="aggregators">One for each column but the key.</param>
    /// <param name="removesOnDelete">Option aggregation.remove-record-on-delete.</param>
    public static RowVersion Aggregate(
        IReadOnlyList<RowVersion> versions, IReadOnlyList<NaiveAggregator> aggregators, bool removesOnDelete)
    {
        object?[] row = [versions[0].Values[0], .. new object?[aggregators.Count]];
        var isRemoved = false;
        foreach (var aggregator in aggregators)
        {
            aggregator.Reset();
        }

        foreach (var version in versions)
        {
            isRemoved = removesOnDelete && version.Kind == RowKind.Delete;
            if (isRemoved)
            {
                row = [.. version.Values];
                continue;
            }

            for (var i = 1; i < row.Length; i++)
            {
                row[i] = version.Kind.IsAdd()
                    ? aggregators[i - 1].Add(row[i], version.Values[i])
                    : aggregators[i - 1].Retract(row[i], version.Values[i]);
            }
        }

        return new RowVersion(isRemoved ? RowKind.Delete : RowKind.Insert, row);
    }
}
