using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>merge_map_with_keytime</c>: of each key the entry whose row has the largest time, a text, the older one where
/// they are equal. A value that is NULL removes its key; a time that is NULL changes nothing.
/// </summary>
internal sealed class MergeMapWithKeyTimeFold : MapEntriesFold
{
    private readonly int _timeField;
    private BinaryVector[] _times = [];

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the column is not MAP of ROW with two fields or more, or the field of the time is absent or no text.
    /// </exception>
    public MergeMapWithKeyTimeFold(DataField field, TableOptions options)
    {
        if (field.Type is not MapType { Value: RowType { Fields.Count: >= 2 } row })
        {
            throw AggregatorRegistry.TypeError("merge_map_with_keytime", field, "MAP whose values are ROW of two fields or more");
        }

        var key = $"fields.{field.Name}.ts-field";
        var name = options.GetString(key) ?? row.Fields[^1].Name;
        _timeField = row.Fields.ToList().FindIndex(candidate => candidate.Name == name);
        if (_timeField < 0)
        {
            throw TableOptions.Error(key, name, $"a field of the map's values: {string.Join(", ", row.Fields.Select(f => f.Name))}");
        }

        if (row.Fields[_timeField].Type.Root is not (TypeRoot.Char or TypeRoot.VarChar))
        {
            throw TableOptions.Error(key, name, $"a field of type STRING; this one is {row.Fields[_timeField].Type}");
        }
    }

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        base.Bind(sources);
        _times = Array.ConvertAll(ValueVectors, rows => (BinaryVector)((StructVector)rows).Children[_timeField]);
    }

    /// <inheritdoc/>
    protected override void Merge(RowReference entry)
    {
        if (ValueVectors[entry.Source].IsNull(entry.Row))
        {
            Entries.Remove(entry);
        }
        else if (!_times[entry.Source].IsNull(entry.Row) && (!Entries.TryGet(entry, out var old) || IsLater(entry, old)))
        {
            Entries.Put(entry);
        }
    }

    /// <inheritdoc/>
    protected override void Retract(RowReference version) =>
        throw new PaimonException(ErrorKind.Internal, "Aggregate function merge_map_with_keytime takes nothing back.");

    private bool IsLater(RowReference entry, RowReference old) =>
        ValueVectors[old.Source].IsNull(old.Row)
        || _times[old.Source].IsNull(old.Row)
        || CompareAsUtf16(_times[entry.Source][entry.Row], _times[old.Source][old.Row]) > 0;

    // Java orders texts by their UTF-16 units: what lies beyond U+FFFF (first byte F0 and more) comes before U+E000 (EE and EF).
    private static int CompareAsUtf16(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        var (a, b) = (left[common], right[common]);
        return (a >= 0xF0) != (b >= 0xF0) && a >= 0xEE && b >= 0xEE ? b.CompareTo(a) : a.CompareTo(b);
    }
}
