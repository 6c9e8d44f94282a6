namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// A node of a <see cref="KeyTree"/>: a leaf, which holds a key and where its container is, or an inner node, whose children
/// differ in one byte of their keys. An inner node begins with room for 4 children and becomes one for 16, 48 and 256 as they
/// fill up.
/// </summary>
internal sealed class KeyTreeNode
{
    /// <summary>The key byte has no child (nodes for 48).</summary>
    public const byte NoSlot = 0xFF;

    /// <summary>Makes a leaf.</summary>
    public KeyTreeNode(ulong key, long container)
    {
        (Kind, Key, Container) = (KeyTreeNodeKind.Leaf, key, container);
        (Bytes, Children) = ([], []);
    }

    /// <summary>Makes an inner node without children.</summary>
    public KeyTreeNode(KeyTreeNodeKind kind, byte[] prefix)
    {
        (Kind, Prefix) = (kind, prefix);
        (Bytes, Children) = kind switch
        {
            KeyTreeNodeKind.Node4 => (new byte[4], new KeyTreeNode?[4]),
            KeyTreeNodeKind.Node16 => (new byte[16], new KeyTreeNode?[16]),
            KeyTreeNodeKind.Node48 => (new byte[256], new KeyTreeNode?[48]),
            _ => (Array.Empty<byte>(), new KeyTreeNode?[256]),
        };
        if (kind == KeyTreeNodeKind.Node48)
        {
            Bytes.AsSpan().Fill(NoSlot);
        }
    }

    /// <summary>What it is.</summary>
    public KeyTreeNodeKind Kind { get; }

    /// <summary>The bytes that the keys of all children have in common here.</summary>
    public byte[] Prefix { get; set; } = [];

    /// <summary>A leaf's key: 48 bits.</summary>
    public ulong Key { get; }

    /// <summary>Where a leaf's container is.</summary>
    public long Container { get; }

    /// <summary>
    /// For 4 and 16 the key bytes of the children, in order; for 48 the child's slot of every key byte; for 256 nothing.
    /// </summary>
    public byte[] Bytes { get; }

    /// <summary>The children: for 4 and 16 in the order of their key bytes, for 48 by slot, for 256 by key byte.</summary>
    public KeyTreeNode?[] Children { get; }

    /// <summary>The number of children.</summary>
    public int Count { get; set; }

    /// <summary>The place of a key byte's child among <see cref="Children"/>; -1 when there is none.</summary>
    public int IndexOf(byte key) => Kind switch
    {
        KeyTreeNodeKind.Node4 or KeyTreeNodeKind.Node16 => Bytes.AsSpan(0, Count).IndexOf(key),
        KeyTreeNodeKind.Node48 => Bytes[key] == NoSlot ? -1 : Bytes[key],
        _ => Children[key] is null ? -1 : key,
    };

    /// <summary>The places of all children in the order of their key bytes.</summary>
    public IEnumerable<int> Places()
    {
        switch (Kind)
        {
            case KeyTreeNodeKind.Node4 or KeyTreeNodeKind.Node16:
                return Enumerable.Range(0, Count);
            case KeyTreeNodeKind.Node48:
                return Bytes.Where(slot => slot != NoSlot).Select(slot => (int)slot);
            default:
                return Enumerable.Range(0, Children.Length).Where(key => Children[key] is not null);
        }
    }

    /// <summary>Adds the child of a key byte that has none.</summary>
    /// <returns>This node, or the larger one that takes its place.</returns>
    public KeyTreeNode Insert(byte key, KeyTreeNode child)
    {
        if (Count == Children.Length && Kind != KeyTreeNodeKind.Node256)
        {
            return Grow().Insert(key, child);
        }

        switch (Kind)
        {
            case KeyTreeNodeKind.Node4 or KeyTreeNodeKind.Node16:
                var at = 0;
                while (at < Count && Bytes[at] < key)
                {
                    at++;
                }

                Bytes.AsSpan(at, Count - at).CopyTo(Bytes.AsSpan(at + 1));
                Children.AsSpan(at, Count - at).CopyTo(Children.AsSpan(at + 1));
                (Bytes[at], Children[at]) = (key, child);
                break;
            case KeyTreeNodeKind.Node48:
                var slot = Children[Count] is null ? Count : Array.IndexOf(Children, null);
                (Bytes[key], Children[slot]) = ((byte)slot, child);
                break;
            default:
                Children[key] = child;
                break;
        }

        Count++;
        return this;
    }

    private KeyTreeNode Grow()
    {
        var larger = new KeyTreeNode(Kind + 1, Prefix) { Count = Count };
        switch (Kind)
        {
            case KeyTreeNodeKind.Node4:
                Bytes.CopyTo(larger.Bytes, 0);
                Children.CopyTo(larger.Children, 0);
                break;
            case KeyTreeNodeKind.Node16:
                for (var i = 0; i < Count; i++)
                {
                    (larger.Bytes[Bytes[i]], larger.Children[i]) = ((byte)i, Children[i]);
                }

                break;
            default:
                for (var key = 0; key < Bytes.Length; key++)
                {
                    larger.Children[key] = Bytes[key] == NoSlot ? null : Children[Bytes[key]];
                }

                break;
        }

        return larger;
    }
}
