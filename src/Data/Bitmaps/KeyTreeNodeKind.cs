namespace PaimonSharp.Data.Bitmaps;

/// <summary>The kinds of nodes, numbered as in the serialized form.</summary>
internal enum KeyTreeNodeKind : byte
{
    /// <summary>Up to 4 children.</summary>
    Node4,

    /// <summary>Up to 16 children.</summary>
    Node16,

    /// <summary>Up to 48 children.</summary>
    Node48,

    /// <summary>Up to 256 children.</summary>
    Node256,

    /// <summary>A key.</summary>
    Leaf,
}
