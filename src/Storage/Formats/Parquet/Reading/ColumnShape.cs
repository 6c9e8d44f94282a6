using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Reading;

/// <summary>
/// How a wanted type lies over the nodes of the file: which node says that a value is there, which begins an element, which
/// leaves hold the values. Lists of two levels and other names of the repeated group are understood.
/// </summary>
/// <param name="Type">The type wanted.</param>
/// <param name="Node">The node whose definition level says that a value is there.</param>
/// <param name="Repeated">Of lists and maps: the repeated node.</param>
/// <param name="SlotLevel">The definition level from which on the vector has a row: that of the repeated node around.</param>
/// <param name="SlotRepetition">The repetition level up to which an entry begins a row of the vector.</param>
/// <param name="Children">The element; the key and the value; the fields.</param>
internal sealed record ColumnShape(
    DataType Type,
    SchemaNode Node,
    SchemaNode? Repeated,
    int SlotLevel,
    int SlotRepetition,
    IReadOnlyList<ColumnShape> Children)
{
    /// <summary>True when the leaf's rows are the table's rows.</summary>
    public bool IsFlat => Node is { IsLeaf: true, RepetitionLevel: 0, Path.Count: 1 };

    /// <summary>The definition level of a value that is not NULL, perhaps an empty list.</summary>
    public int PresentLevel => Repeated is null || !ReferenceEquals(Repeated, Node)
        ? Node.DefinitionLevel
        : Node.DefinitionLevel - 1;

    /// <exception cref="CorruptDataException">The node does not hold values of that type.</exception>
    public static ColumnShape Of(SchemaNode node, DataType type, int slotLevel = 0, int slotRepetition = 0)
    {
        return type switch
        {
            ArrayType array => OfArray(node, array, slotLevel, slotRepetition),
            MapType map => OfMap(node, type, map.Key, map.Value, slotLevel, slotRepetition),
            MultisetType multiset =>
                OfMap(node, type, multiset.Element, DataTypes.Int.NotNull(), slotLevel, slotRepetition),
            RowType row => OfRow(node, row, slotLevel, slotRepetition),
            _ when node.IsLeaf => new ColumnShape(type, node, null, slotLevel, slotRepetition, []),
            _ => throw Mismatch(node, type),
        };
    }

    /// <summary>The leaf whose levels tell the shape of this node.</summary>
    public SchemaNode FirstLeaf => Node.IsLeaf && Children.Count == 0 ? Node : Children[0].FirstLeaf;

    private static ColumnShape OfArray(SchemaNode node, ArrayType type, int slotLevel, int slotRepetition)
    {
        var repeated = node;
        if (!node.IsRepeated || slotRepetition == node.RepetitionLevel)
        {
            repeated = node.Children.Count == 1 && node.Children[0].IsRepeated ? node.Children[0] : throw Mismatch(node, type);
        }

        var isElement = repeated.IsLeaf || repeated.Children.Count != 1
            || (type.Element is RowType row && (repeated.Name == "array" || repeated.Name == node.Name + "_tuple"
                || (row.Fields.Count == 1 && repeated.Children[0].IsLeaf && row.Fields[0].Name == repeated.Children[0].Name)));
        var element = isElement ? repeated : repeated.Children[0];
        var child = Of(element, type.Element, repeated.DefinitionLevel, repeated.RepetitionLevel);
        return new ColumnShape(type, node, repeated, slotLevel, slotRepetition, [child]);
    }

    private static ColumnShape OfMap(
        SchemaNode node, DataType type, DataType key, DataType value, int slotLevel, int slotRepetition)
    {
        if (node.Children is not [{ IsRepeated: true, Children: [var keyNode, var valueNode] } repeated])
        {
            throw Mismatch(node, type);
        }

        return new ColumnShape(type, node, repeated, slotLevel, slotRepetition,
        [
            Of(keyNode, key, repeated.DefinitionLevel, repeated.RepetitionLevel),
            Of(valueNode, value, repeated.DefinitionLevel, repeated.RepetitionLevel),
        ]);
    }

    private static ColumnShape OfRow(SchemaNode node, RowType type, int slotLevel, int slotRepetition)
    {
        if (node.IsLeaf || type.Fields.Count == 0)
        {
            throw Mismatch(node, type);
        }

        var children = new ColumnShape[type.Fields.Count];
        for (var i = 0; i < children.Length; i++)
        {
            var field = type.Fields[i];
            var child = node.Child(field.Name) ?? throw new CorruptDataException(
                $"The column '{string.Join('.', node.Path)}' lacks the field '{field.Name}'.");
            children[i] = Of(child, field.Type, slotLevel, slotRepetition);
        }

        return new ColumnShape(type, node, null, slotLevel, slotRepetition, children);
    }

    private static CorruptDataException Mismatch(SchemaNode node, DataType type) => new(
        $"The column '{string.Join('.', node.Path)}' holds {node.Element.Type?.ToString() ?? "a group"}, "
        + $"which cannot be read as the schema's {type}.");
}
