using System.Runtime.InteropServices;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Merge.Aggregators;

/// <summary>
/// Aggregator <c>nested_partial_update</c>: of each key of the rows of arrays one row, each field with its newest value that is
/// not NULL. The first array stays as it is; rows that are NULL go with the second.
/// </summary>
internal sealed class NestedPartialUpdateFold : ListElementsFold
{
    private readonly int[] _key;
    private readonly int _fieldCount;
    private readonly ValueTable _keys = new(asObjects: true);
    private readonly List<RowReference> _column = [];
    private ColumnVector[][] _fields = [];
    private List<RowReference> _cells = [];
    private List<RowReference> _cellsAside = [];

    /// <summary>Makes the fold of a column.</summary>
    /// <param name="field">The column.</param>
    /// <param name="options">The table's options.</param>
    /// <exception cref="PaimonException">
    /// Invalid: the column is not ARRAY of ROW, or there is no key, or it is none of its fields.
    /// </exception>
    public NestedPartialUpdateFold(DataField field, TableOptions options)
    {
        if (field.Type is not ArrayType { Element: RowType row })
        {
            throw AggregatorRegistry.TypeError("nested_partial_update", field, "ARRAY of ROW");
        }

        _key = NestedKey.Of(field, row, options);
        _fieldCount = row.Fields.Count;
        if (_key.Length == 0)
        {
            PaimonException.ThrowInvalid(
                $"Column '{field.Name}': aggregate function 'nested_partial_update' needs 'fields.{field.Name}.nested-key'.");
        }
    }

    /// <inheritdoc/>
    protected override void Bind(ReadOnlySpan<ColumnVector> sources)
    {
        base.Bind(sources);
        _keys.Bind(NestedKey.ColumnsOf(ElementVectors, _key));
        _fields = NestedKey.ColumnsOf(ElementVectors, [.. Enumerable.Range(0, _fieldCount)]);
    }

    /// <inheritdoc/>
    protected override void Load(RowReference version)
    {
        _keys.Clear();
        _cells.Clear();
        Add(version);
    }

    /// <inheritdoc/>
    protected override void Add(RowReference version)
    {
        EnsureLoaded();
        var (start, end) = RangeOf(version);
        for (var i = start; i < end; i++)
        {
            var row = new RowReference(version.Source, i);
            if (!IsElementNull(row))
            {
                var cells = CellsOf(row);
                for (var field = 0; field < cells.Length; field++)
                {
                    Update(ref cells[field], field, row);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void AddOlder(RowReference version)
    {
        EnsureLoaded();
        PutAside();
        (_cells, _cellsAside) = (_cellsAside, _cells);
        Load(version);
        for (var i = 0; i < Aside.Count; i++)
        {
            var cells = CellsOf(Aside[i]);
            var newer = CollectionsMarshal.AsSpan(_cellsAside).Slice(i * _fieldCount, _fieldCount);
            for (var field = 0; field < cells.Length; field++)
            {
                Update(ref cells[field], field, newer[field]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Retract(RowReference version) =>
        throw new PaimonException(ErrorKind.Internal, "Aggregate function nested_partial_update takes nothing back.");

    /// <inheritdoc/>
    protected override void AppendResult(List<RowReference> results) =>
        results.AddRange(CollectionsMarshal.AsSpan(_cells)[..(Elements.Count * _fieldCount)]);

    /// <inheritdoc/>
    protected override void AppendElements(ColumnVector elements, ReadOnlySpan<RowReference> results)
    {
        var rows = (StructVector)elements;
        var count = results.Length / _fieldCount;
        for (var field = 0; field < _fieldCount; field++)
        {
            _column.Clear();
            for (var i = 0; i < count; i++)
            {
                _column.Add(results[(i * _fieldCount) + field]);
            }

            rows.Children[field].AppendGather(_fields[field], CollectionsMarshal.AsSpan(_column));
        }

        rows.EndRows(count);
    }

    // The cells of a row's key: those of the row itself when the key is new.
    private Span<RowReference> CellsOf(RowReference row)
    {
        var number = _keys.FindOrAdd(row, out var isNew);
        if (isNew)
        {
            Elements.Add(row);
            for (var field = 0; field < _fieldCount; field++)
            {
                _cells.Add(row);
            }
        }

        return CollectionsMarshal.AsSpan(_cells).Slice(number * _fieldCount, _fieldCount);
    }

    private void Update(ref RowReference cell, int field, RowReference newer)
    {
        if (!_fields[field][newer.Source].IsNull(newer.Row))
        {
            cell = newer;
        }
    }
}
