using System.Runtime.InteropServices;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Puts the elements of an accumulator in the order in which Java's HashMap gives them by their keys. Paimon keeps them so, and
/// where an array's length is limited that order decides which of them are kept. Reusable; one thread.
/// </summary>
/// <param name="keyType">The fields of the key.</param>
internal sealed class HashMapOrder(RowType keyType)
{
    private const int FirstRoom = 16;

    private readonly BinaryRowWriter _writer = new(keyType);
    private readonly ColumnVector[] _key = new ColumnVector[keyType.Fields.Count];
    private long[] _places = [];

    /// <summary>Reorders elements.</summary>
    /// <param name="elements">The elements, one a key, in the order in which their keys were put.</param>
    /// <param name="columns">Each key column in every source.</param>
    /// <param name="keyCount">The most keys that the map held.</param>
    public void Apply(List<RowReference> elements, ColumnVector[][] columns, int keyCount)
    {
        var room = FirstRoom;
        while (4L * keyCount > 3L * room)
        {
            room *= 2;
        }

        if (_places.Length < elements.Count)
        {
            _places = new long[Math.Max(elements.Count, 2 * _places.Length)];
        }

        for (var i = 0; i < elements.Count; i++)
        {
            var element = elements[i];
            for (var field = 0; field < _key.Length; field++)
            {
                _key[field] = columns[field][element.Source];
            }

            var hash = (uint)_writer.Hash(_key, element.Row);
            var bucket = (hash ^ (hash >> 16)) & (uint)(room - 1);
            _places[i] = ((long)bucket << 32) | (uint)i;
        }

        // Of keys in one bucket the first one put comes first.
        _places.AsSpan(0, elements.Count).Sort(CollectionsMarshal.AsSpan(elements));
    }
}
