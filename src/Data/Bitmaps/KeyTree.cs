using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// An adaptive radix tree from keys of 48 bits, taken byte by byte, to numbers: what a 64-bit Roaring bitmap finds its
/// containers with (docs/format.md#roaring-bitmaps-64). Nodes have the shape that inserting in the same order gives in
/// Roaring's Java library, since the serialized form shows it.
/// </summary>
internal sealed class KeyTree
{
    /// <summary>The bytes of a key.</summary>
    public const int KeyBytes = 6;

    /// <summary>The topmost node; null when the tree is empty.</summary>
    public KeyTreeNode? Root { get; set; }

    /// <summary>The number of keys.</summary>
    public long Count { get; set; }

    /// <summary>A byte of a key.</summary>
    /// <param name="key">48 bits.</param>
    /// <param name="index">0 for the highest.</param>
    public static byte ByteOf(ulong key, int index) => (byte)(key >> (8 * (KeyBytes - 1 - index)));

    /// <summary>The number that a key stands for; -1 when it is not in the tree.</summary>
    public long Find(ulong key)
    {
        var depth = 0;
        var node = Root;
        while (node is { Kind: not KeyTreeNodeKind.Leaf })
        {
            if (CommonPrefix(node, key, depth) < node.Prefix.Length)
            {
                return -1;
            }

            depth += node.Prefix.Length;
            var child = node.IndexOf(ByteOf(key, depth));
            node = child < 0 ? null : node.Children[child];
            depth++;
        }

        return node is not null && node.Key == key ? node.Container : -1;
    }

    /// <summary>Adds a key that is not in the tree.</summary>
    public void Insert(ulong key, long container)
    {
        Root = Root is null ? new KeyTreeNode(key, container) : Insert(Root, key, 0, container);
        Count++;
    }

    /// <summary>All keys with their numbers, ascending.</summary>
    public IEnumerable<(ulong Key, long Container)> Leaves() => Root is null ? [] : LeavesOf(Root);

    private static IEnumerable<(ulong Key, long Container)> LeavesOf(KeyTreeNode node)
    {
        if (node.Kind == KeyTreeNodeKind.Leaf)
        {
            yield return (node.Key, node.Container);
            yield break;
        }

        foreach (var place in node.Places())
        {
            foreach (var leaf in LeavesOf(node.Children[place]!))
            {
                yield return leaf;
            }
        }
    }

    private static KeyTreeNode Insert(KeyTreeNode node, ulong key, int depth, long container)
    {
        if (node.Kind == KeyTreeNodeKind.Leaf)
        {
            return SplitLeaf(node, key, depth, container);
        }

        var common = CommonPrefix(node, key, depth);
        if (common < node.Prefix.Length)
        {
            var parent = new KeyTreeNode(KeyTreeNodeKind.Node4, node.Prefix[..common]);
            parent.Insert(node.Prefix[common], node);
            parent.Insert(ByteOf(key, depth + common), new KeyTreeNode(key, container));
            node.Prefix = node.Prefix[(common + 1)..];
            return parent;
        }

        depth += common;
        var place = node.IndexOf(ByteOf(key, depth));
        if (place < 0)
        {
            return node.Insert(ByteOf(key, depth), new KeyTreeNode(key, container));
        }

        node.Children[place] = Insert(node.Children[place]!, key, depth + 1, container);
        return node;
    }

    private static KeyTreeNode SplitLeaf(KeyTreeNode leaf, ulong key, int depth, long container)
    {
        var prefix = new List<byte>(KeyBytes);
        while (depth < KeyBytes && ByteOf(leaf.Key, depth) == ByteOf(key, depth))
        {
            prefix.Add(ByteOf(key, depth++));
        }

        if (depth == KeyBytes)
        {
            CorruptDataException.Throw($"The key {key:x12} of a 64-bit bitmap is where it is not looked for.");
        }

        leaf.Prefix = [];
        var parent = new KeyTreeNode(KeyTreeNodeKind.Node4, [.. prefix]);
        parent.Insert(ByteOf(leaf.Key, depth), leaf);
        parent.Insert(ByteOf(key, depth), new KeyTreeNode(key, container));
        return parent;
    }

    private static int CommonPrefix(KeyTreeNode node, ulong key, int depth)
    {
        var common = 0;
        while (common < node.Prefix.Length && node.Prefix[common] == ByteOf(key, depth + common))
        {
            common++;
        }

        return common;
    }
}
