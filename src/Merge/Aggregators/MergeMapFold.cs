using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>Aggregator <c>merge_map</c>: the newest entry of each key. A map taken back removes its keys.</summary>
internal sealed class MergeMapFold : MapEntriesFold
{
    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <exception cref="Data.Errors.PaimonException">Invalid: the column is not MAP.</exception>
    public MergeMapFold(DataField field)
    {
        if (field.Type is not MapType)
        {
            throw AggregatorRegistry.TypeError("merge_map", field, "MAP");
        }
    }

    /// <inheritdoc/>
    protected override void Merge(RowReference entry) => Entries.Put(entry);

    /// <inheritdoc/>
    protected override void Retract(RowReference version)
    {
        var (start, end) = RangeOf(version);
        if (start == end)
        {
            return;
        }

        EnsureLoaded();
        for (var i = start; i < end; i++)
        {
            Entries.Remove(new RowReference(version.Source, i));
        }

        Entries.Compact();
    }
}
