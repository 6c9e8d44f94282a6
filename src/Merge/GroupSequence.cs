using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge;

/// <summary>
/// The sequence fields of a sequence group in the versions of a plan: NULL is the oldest, a version without any takes no part.
/// Reusable; one thread.
/// </summary>
internal sealed class GroupSequence
{
    private readonly int[] _indexes;
    private readonly bool _hasPartition;
    private readonly ColumnVector[] _values;
    private readonly KeyEncoder _encoder;
    private readonly EncodedKeys _keys;

    /// <summary>Makes the fields of a group.</summary>
    /// <param name="columns">The columns of the merge.</param>
    /// <param name="indexes">The positions of the sequence fields among them, but for partition columns.</param>
    /// <param name="hasPartition">True when a partition column is a sequence field too: all rows of a key have the same there.</param>
    /// <param name="removesOnDelete">See <see cref="SequenceGroup.RemovesOnDelete"/>.</param>
    /// <exception cref="Data.Errors.PaimonException">Unsupported: values of a field's type have no order.</exception>
    public GroupSequence(RowType columns, int[] indexes, bool hasPartition, bool removesOnDelete)
    {
        _indexes = indexes;
        _hasPartition = hasPartition;
        RemovesOnDelete = removesOnDelete;
        var type = columns.Project(indexes);
        _values = [.. type.Fields.Select(field => ColumnVector.Create(field.Type))];
        _encoder = new KeyEncoder(type);
        _keys = _encoder.CreateKeys();
    }

    /// <summary>See <see cref="SequenceGroup.RemovesOnDelete"/>.</summary>
    public bool RemovesOnDelete { get; }

    /// <summary>Reads the versions of a plan.</summary>
    /// <param name="input">The rows.</param>
    public void Load(in MergeInput input)
    {
        _keys.Clear();
        for (var i = 0; i < _indexes.Length; i++)
        {
            _values[i].Clear();
            _values[i].AppendGather(input.Columns[_indexes[i]]!, input.Plan.Rows);
        }

        _encoder.Encode(_values, 0, input.Plan.Rows.Length, _keys);
    }

    /// <summary>True when a version has none of the fields.</summary>
    /// <param name="version">Its place in the plan.</param>
    public bool IsEmpty(int version)
    {
        foreach (var values in _values)
        {
            if (!values.IsNull(version))
            {
                return false;
            }
        }

        return !_hasPartition;
    }

    /// <summary>True when a version is as new as another or newer.</summary>
    /// <param name="version">Its place in the plan; not empty.</param>
    /// <param name="current">The other's, -1 for one without sequence fields.</param>
    public bool IsNewer(int version, int current) => current < 0 || _keys.Compare(version, current) >= 0;
}
