using PaimonSharp.Data.Keys;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Lsm;

/// <summary>The sequence fields of some rows, encoded to be compared. Reusable; one thread at a time.</summary>
/// <param name="order">The order.</param>
internal sealed class SequenceKeys(SequenceOrder order)
{
    /// <summary>A column that may be NULL begins with a byte that is zero for NULL.</summary>
    private const int NullMarkerShift = 56;

    private readonly EncodedKeys[] _keys = CreateKeys(order);

    /// <summary>Forgets all rows; buffers are kept.</summary>
    public void Clear()
    {
        foreach (var keys in _keys)
        {
            keys.Clear();
        }
    }

    /// <summary>Adds rows.</summary>
    /// <param name="columns">The sequence fields.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    public void Encode(ReadOnlySpan<ColumnVector> columns, int start, int count)
    {
        if (!order.IsDescending)
        {
            order.Encoders[0].Encode(columns, start, count, _keys[0]);
            return;
        }

        for (var i = 0; i < _keys.Length; i++)
        {
            order.Encoders[i].Encode(columns.Slice(i, 1), start, count, _keys[i]);
        }
    }

    /// <summary>The order of a row and another's: negative, zero or positive as it is older, equal or newer.</summary>
    public int Compare(int row, SequenceKeys other, int otherRow)
    {
        if (!order.IsDescending)
        {
            return _keys[0].Compare(row, other._keys[0], otherRow);
        }

        for (var i = 0; i < _keys.Length; i++)
        {
            var result = _keys[i].Compare(row, other._keys[i], otherRow);
            if (result != 0)
            {
                var hasNull = order.IsNullable(i)
                    && (_keys[i].Prefixes[row] >> NullMarkerShift == 0 || other._keys[i].Prefixes[otherRow] >> NullMarkerShift == 0);
                return hasNull ? result : -result;
            }
        }

        return 0;
    }

    private static EncodedKeys[] CreateKeys(SequenceOrder order)
    {
        var keys = new EncodedKeys[order.Encoders.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = order.Encoders[i].CreateKeys();
        }

        return keys;
    }
}
