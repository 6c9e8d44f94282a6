using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Formats.Parquet.Footer;

namespace PaimonSharp.Storage.Formats.Parquet.Schema;

/// <summary>
/// A node of a file's schema with the levels that its values are stored with: the definition level of a value that is there,
/// and the repetition level of its innermost repeated node.
/// </summary>
internal sealed class SchemaNode
{
    /// <summary>Deeper schemas are refused; Paimon's own types nest two or three nodes a level.</summary>
    public const int MaxDepth = 64;

    private SchemaNode(SchemaElement element, int definitionLevel, int repetitionLevel)
    {
        Element = element;
        DefinitionLevel = definitionLevel;
        RepetitionLevel = repetitionLevel;
    }

    public SchemaElement Element { get; }

    public string Name => Element.Name;

    /// <summary>The definition level of a value that is there.</summary>
    public int DefinitionLevel { get; }

    /// <summary>How many repeated nodes there are from the root to here.</summary>
    public int RepetitionLevel { get; }

    public bool IsRepeated => Element.Repetition == Repetition.Repeated;

    public bool IsLeaf => Element.Type is not null;

    /// <summary>The position among the leaves, -1 for a group.</summary>
    public int LeafIndex { get; private set; } = -1;

    /// <summary>The names from the root's child to here.</summary>
    public IReadOnlyList<string> Path { get; private init; } = [];

    public IReadOnlyList<SchemaNode> Children { get; private set; } = [];

    public SchemaNode? Child(string name) => Children.FirstOrDefault(child => child.Name == name);

    /// <summary>Builds the tree of a footer's schema.</summary>
    /// <param name="elements">The nodes depth first, the root first.</param>
    /// <param name="leaves">The leaves in order.</param>
    /// <exception cref="CorruptDataException">The list is not a tree, or it is too deep.</exception>
    public static SchemaNode Build(IReadOnlyList<SchemaElement> elements, out IReadOnlyList<SchemaNode> leaves)
    {
        if (elements.Count == 0 || elements[0].Type is not null)
        {
            CorruptDataException.Throw("The schema does not begin with a group.");
        }

        var found = new List<SchemaNode>();
        var next = 1;
        var root = new SchemaNode(elements[0], 0, 0);
        root.ReadChildren(elements, ref next, found, 0);
        if (next != elements.Count)
        {
            CorruptDataException.Throw($"The schema holds {elements.Count} nodes, but its tree only {next}.");
        }

        leaves = found;
        return root;
    }

    private void ReadChildren(IReadOnlyList<SchemaElement> elements, ref int next, List<SchemaNode> leaves, int depth)
    {
        if (depth > MaxDepth)
        {
            CorruptDataException.Throw($"The schema is nested deeper than {MaxDepth} nodes.");
        }

        if (Element.ChildCount < 0 || Element.ChildCount > elements.Count - next)
        {
            CorruptDataException.Throw($"The group '{Name}' claims {Element.ChildCount} children.");
        }

        var children = new SchemaNode[Element.ChildCount];
        for (var i = 0; i < children.Length; i++)
        {
            if (next >= elements.Count)
            {
                CorruptDataException.Throw("The schema ends inside a group.");
            }

            children[i] = ReadNode(elements, ref next, leaves, depth);
        }

        Children = children;
    }

    private SchemaNode ReadNode(IReadOnlyList<SchemaElement> elements, ref int next, List<SchemaNode> leaves, int depth)
    {
        var element = elements[next++];
        var (definition, repetition) = element.Repetition switch
        {
            Footer.Repetition.Required => (DefinitionLevel, RepetitionLevel),
            Footer.Repetition.Optional => (DefinitionLevel + 1, RepetitionLevel),
            Footer.Repetition.Repeated => (DefinitionLevel + 1, RepetitionLevel + 1),
            _ => throw new CorruptDataException($"The field '{element.Name}' has the unknown repetition {element.Repetition}."),
        };
        var node = new SchemaNode(element, definition, repetition) { Path = [.. Path, element.Name] };
        if (node.IsLeaf)
        {
            node.LeafIndex = leaves.Count;
            leaves.Add(node);
        }
        else
        {
            node.ReadChildren(elements, ref next, leaves, depth + 1);
        }

        return node;
    }
}
