using System.Runtime.InteropServices;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Keeps the elements of an accumulator such that there is one a key, the newest, in the place of the first. Reusable; one
/// thread.
/// </summary>
internal sealed class KeyedElements
{
    private static readonly RowReference Removed = new(-1, -1);

    private readonly ValueTable _keys = new(asObjects: true);
    private List<RowReference> _elements = [];
    private bool _hasRemoved;

    /// <summary>Looks at the key columns of a fold.</summary>
    /// <param name="columns">Each key column in every source.</param>
    public void Bind(ColumnVector[][] columns) => _keys.Bind(columns);

    /// <summary>Begins with a list of elements, which is emptied.</summary>
    /// <param name="elements">The list to keep.</param>
    public void Begin(List<RowReference> elements)
    {
        _elements = elements;
        _elements.Clear();
        _keys.Clear();
        _hasRemoved = false;
    }

    /// <summary>Finds the element of a key.</summary>
    /// <param name="element">An element of that key.</param>
    /// <param name="found">The element.</param>
    /// <returns>False when there is none.</returns>
    public bool TryGet(RowReference element, out RowReference found)
    {
        var number = _keys.Find(element);
        found = number < 0 ? Removed : _elements[number];
        return found != Removed;
    }

    /// <summary>Adds an element; one of the same key goes.</summary>
    public void Put(RowReference element)
    {
        var number = _keys.FindOrAdd(element, out var isNew);
        if (isNew)
        {
            _elements.Add(element);
        }
        else
        {
            _elements[number] = element;
        }
    }

    /// <summary>Removes the element of a key, if there is one. <see cref="Compact"/> must follow.</summary>
    /// <param name="element">An element of that key.</param>
    public void Remove(RowReference element)
    {
        var number = _keys.Find(element);
        if (number >= 0)
        {
            _elements[number] = Removed;
            _hasRemoved = true;
        }
    }

    /// <summary>Closes the gaps that were left by removing.</summary>
    public void Compact()
    {
        if (!_hasRemoved)
        {
            return;
        }

        _hasRemoved = false;
        _elements.RemoveAll(element => element == Removed);
        Renumber();
    }

    /// <summary>To be called after the order of the elements was changed.</summary>
    public void Renumber()
    {
        _keys.Clear();
        foreach (var element in CollectionsMarshal.AsSpan(_elements))
        {
            _keys.FindOrAdd(element, out _);
        }
    }
}
