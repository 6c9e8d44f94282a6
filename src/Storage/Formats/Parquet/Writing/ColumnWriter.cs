using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>
/// Writes one column of the table. A list, map or row is taken apart row by row into the levels of its leaves; the leaves'
/// values are then the same slice of their own vectors.
/// </summary>
internal sealed class ColumnWriter
{
    private readonly Shape _shape;
    private readonly DataField _field;

    public ColumnWriter(SchemaNode node, DataField field, WriterSettings settings)
    {
        _field = field;
        var leaves = new List<LeafWriter>();
        _shape = Shape.Of(node, field.Type, settings, leaves);
        Leaves = leaves;
    }

    /// <summary>The leaves, in the schema's order.</summary>
    public IReadOnlyList<LeafWriter> Leaves { get; }

    public void Append(ColumnVector vector, int start, int count)
    {
        if (!_field.Type.IsNullable && vector.NullCount > 0)
        {
            CheckNotNull(vector, start, count);
        }

        if (_shape.Leaf is not null)
        {
            _shape.Leaf.AppendFlat(vector, start, count);
            return;
        }

        // Rows are taken singly, for a page ends with a row.
        for (var row = start; row < start + count; row++)
        {
            _shape.AppendLevels(vector, row, 0);
            _shape.AppendSlots(vector, row, 1);
            foreach (var leaf in Leaves)
            {
                leaf.EndRows(1);
            }
        }
    }

    /// <summary>NULLs and bounds of the whole file; of lists, maps and rows nothing, as Paimon knows nothing of them.</summary>
    public ColumnStatistics Statistics() => _shape.Leaf?.FileStatistics() ?? new ColumnStatistics(null, null, null);

    private void CheckNotNull(ColumnVector vector, int start, int count)
    {
        for (var row = start; row < start + count; row++)
        {
            if (vector.IsNull(row))
            {
                PaimonException.ThrowInvalid(
                    $"The column '{_field.Name}' is {_field.Type}, but row {row} is NULL. Where rows are merged, one that is taken back "
                    + "leaves NULL: the column has to be nullable, or its aggregator told to ignore retractions.");
            }
        }
    }

    /// <summary>A node of the type with what is needed to make its levels.</summary>
    private sealed class Shape
    {
        private readonly int _definition;
        private readonly int _repetition;
        private readonly bool _isNullable;
        private readonly Shape[] _children;
        private readonly LeafWriter[] _leaves;

        private Shape(SchemaNode node, DataType type, Shape[] children, LeafWriter[] leaves, LeafWriter? leaf)
        {
            _definition = node.DefinitionLevel;
            _repetition = node.RepetitionLevel + 1;
            _isNullable = type.IsNullable;
            _children = children;
            _leaves = leaves;
            Leaf = leaf;
        }

        public LeafWriter? Leaf { get; }

        public static Shape Of(SchemaNode node, DataType type, WriterSettings settings, List<LeafWriter> leaves)
        {
            var first = leaves.Count;
            if (node.IsLeaf)
            {
                var leaf = LeafWriterFactory.Create(node, type, settings);
                leaves.Add(leaf);
                return new Shape(node, type, [], [leaf], leaf);
            }

            Shape[] children = type switch
            {
                ArrayType array => [Of(node.Children[0].Children[0], array.Element, settings, leaves)],
                MapType map => OfMap(node, map.Key, map.Value, settings, leaves),
                MultisetType multiset => OfMap(node, multiset.Element, DataTypes.Int.NotNull(), settings, leaves),
                RowType row => [.. row.Fields.Select((field, i) => Of(node.Children[i], field.Type, settings, leaves))],
                _ => throw new InvalidOperationException($"{type} is not nested."),
            };
            return new Shape(node, type, children, [.. leaves.Skip(first)], null);
        }

        /// <summary>Appends the entries of one row of the vector to all leaves below.</summary>
        public void AppendLevels(ColumnVector vector, int row, int repetition)
        {
            if (vector.IsNull(row))
            {
                AppendMissing(repetition, _isNullable ? _definition - 1 : throw NullInside());
            }
            else if (Leaf is not null)
            {
                Leaf.AppendLevel(repetition, _definition);
            }
            else if (vector is StructVector fields)
            {
                for (var i = 0; i < _children.Length; i++)
                {
                    _children[i].AppendLevels(fields.Children[i], row, repetition);
                }
            }
            else
            {
                AppendElements(vector, row, repetition);
            }
        }

        /// <summary>Appends the values of rows to all leaves below.</summary>
        public void AppendSlots(ColumnVector vector, int start, int count)
        {
            if (Leaf is not null)
            {
                Leaf.AppendSlots(vector, start, count);
                return;
            }

            for (var i = 0; i < _children.Length; i++)
            {
                if (vector is StructVector fields)
                {
                    _children[i].AppendSlots(fields.Children[i], start, count);
                    continue;
                }

                var offsets = vector is ListVector list ? list.Offsets : ((MapVector)vector).Offsets;
                _children[i].AppendSlots(Elements(vector, i), offsets[start], offsets[start + count] - offsets[start]);
            }
        }

        private static Shape[] OfMap(
            SchemaNode node, DataType key, DataType value, WriterSettings settings, List<LeafWriter> leaves)
        {
            var keyShape = Of(node.Children[0].Children[0], key.NotNull(), settings, leaves);
            return [keyShape, Of(node.Children[0].Children[1], value, settings, leaves)];
        }

        private static ColumnVector Elements(ColumnVector vector, int child) => vector switch
        {
            ListVector list => list.Elements,
            MapVector map when child == 0 => map.Keys,
            _ => ((MapVector)vector).MapValues,
        };

        private static PaimonException NullInside() =>
            new(ErrorKind.Invalid, "A key of a map, or a part of a column that is NOT NULL, is NULL.");

        private void AppendElements(ColumnVector vector, int row, int repetition)
        {
            var offsets = vector is ListVector list ? list.Offsets : ((MapVector)vector).Offsets;
            var (start, end) = (offsets[row], offsets[row + 1]);
            if (start == end)
            {
                AppendMissing(repetition, _definition);
            }

            for (var i = start; i < end; i++)
            {
                for (var child = 0; child < _children.Length; child++)
                {
                    _children[child].AppendLevels(Elements(vector, child), i, i == start ? repetition : _repetition);
                }
            }
        }

        private void AppendMissing(int repetition, int definition)
        {
            foreach (var leaf in _leaves)
            {
                leaf.AppendLevel(repetition, definition);
            }
        }
    }
}
