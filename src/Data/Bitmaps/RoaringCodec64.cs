using System.Buffers;
using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// The form of a 64-bit bitmap that Roaring's Java library writes (docs/format.md#roaring-bitmaps-64), little endian:
/// <code>
/// 1 byte: 0 = empty, and nothing follows; 1 = not
/// 8 bytes: number of keys
/// the nodes of the tree, each before its children:
///   1 byte kind, 2 bytes number of children, 1 byte length of the prefix, the prefix; then
///   Node4: 4 key bytes, last one first      Node16: 2 x 8 key bytes, each last one first
///   Node48: 256 slots, 8 at a time, each last one first      Node256: 256 bits      Leaf: 6 bytes key, big endian; 8 bytes place
/// 4 bytes: 1, the number of arrays of containers; 1 byte -2; 4 bytes: places
/// each place: 0, or 1, 1 byte kind (0 runs, 1 bits, 2 array), 4 bytes cardinality, the container in the portable form
/// 8 bytes: number of containers; 4 bytes: last array, 0; 4 bytes: the place given last
/// </code>
/// </summary>
internal static class RoaringCodec64
{
    private const byte NotTrimmed = 0xFE;

    /// <summary>Writes a bitmap whose containers stay as they are.</summary>
    public static void Write(RoaringBitmap64 bitmap, IBufferWriter<byte> target)
    {
        if (bitmap.Keys.Root is null)
        {
            Put(target, 0, 1);
            return;
        }

        Put(target, 1, 1);
        Put(target, bitmap.Keys.Count, 8);
        WriteNode(bitmap.Keys.Root, target);
        Put(target, 1, 4);
        Put(target, NotTrimmed, 1);
        Put(target, bitmap.Containers.Length, 4);
        var count = 0L;
        foreach (var container in bitmap.Containers)
        {
            Put(target, container is null ? 0 : 1, 1);
            if (container is null)
            {
                continue;
            }

            count++;
            Put(target, container switch { RunContainer => 0, BitmapContainer => 1, _ => 2 }, 1);
            Put(target, container.Cardinality, 4);
            container.Write(target.GetSpan(container.SerializedBytes)[..container.SerializedBytes]);
            target.Advance(container.SerializedBytes);
        }

        Put(target, count, 8);
        Put(target, 0, 4);
        Put(target, bitmap.LastPlace, 4);
    }

    /// <summary>Reads a bitmap.</summary>
    /// <param name="bytes">Begins with the bitmap.</param>
    /// <exception cref="CorruptDataException">The bytes are not a bitmap in this form.</exception>
    public static RoaringBitmap64 Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        var tag = reader.Byte();
        if (tag == 0)
        {
            return new RoaringBitmap64();
        }

        if (tag != 1)
        {
            CorruptDataException.Throw($"A 64-bit bitmap begins with 0 or 1, not with {tag}.");
        }

        var keys = new KeyTree { Count = reader.Int64() };
        keys.Root = ReadNode(ref reader, 0);
        var containers = ReadContainers(ref reader, out var last);
        var leaves = 0L;
        foreach (var (key, place) in keys.Leaves())
        {
            leaves++;
            if (place < 0 || place >= containers.Length || containers[place] is null)
            {
                CorruptDataException.Throw($"The key {key:x12} of a 64-bit bitmap names container {place}, which is not there.");
            }
        }

        if (leaves != keys.Count)
        {
            CorruptDataException.Throw($"A 64-bit bitmap has {leaves} keys; its header says {keys.Count}.");
        }

        return new RoaringBitmap64(keys, containers, last);
    }

    private static void WriteNode(KeyTreeNode node, IBufferWriter<byte> target)
    {
        Put(target, (int)node.Kind, 1);
        Put(target, node.Count, 2);
        Put(target, node.Prefix.Length, 1);
        target.Write(node.Prefix);
        switch (node.Kind)
        {
            case KeyTreeNodeKind.Leaf:
                Span<byte> key = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(key, node.Key << 16);
                target.Write(key[..KeyTree.KeyBytes]);
                Put(target, node.Container, 8);
                return;
            case KeyTreeNodeKind.Node256:
                for (var word = 0; word < 4; word++)
                {
                    var bits = 0UL;
                    for (var bit = 0; bit < 64; bit++)
                    {
                        bits |= node.Children[(word << 6) + bit] is null ? 0 : 1UL << bit;
                    }

                    Put(target, (long)bits, 8);
                }

                break;
            default:
                var size = Math.Min(8, node.Bytes.Length);
                for (var i = 0; i < node.Bytes.Length; i += size)
                {
                    var swapped = target.GetSpan(size)[..size];
                    node.Bytes.AsSpan(i, size).CopyTo(swapped);
                    swapped.Reverse();
                    target.Advance(size);
                }

                break;
        }

        foreach (var place in node.Places())
        {
            WriteNode(node.Children[place]!, target);
        }
    }

    private static KeyTreeNode ReadNode(ref Reader reader, int depth)
    {
        var kind = (KeyTreeNodeKind)reader.Byte();
        int count = reader.UInt16();
        var prefix = reader.Take(reader.Byte()).ToArray();
        if (kind == KeyTreeNodeKind.Leaf)
        {
            Span<byte> key = stackalloc byte[8];
            reader.Take(KeyTree.KeyBytes).CopyTo(key);
            return new KeyTreeNode(BinaryPrimitives.ReadUInt64BigEndian(key) >> 16, reader.Int64()) { Prefix = prefix };
        }

        depth += prefix.Length;
        if (kind > KeyTreeNodeKind.Leaf || depth >= KeyTree.KeyBytes)
        {
            CorruptDataException.Throw($"A 64-bit bitmap has a node of kind {(int)kind} at depth {depth}.", reader.Position);
        }

        var node = new KeyTreeNode(kind, prefix);
        var places = ReadPlaces(ref reader, node, count);
        foreach (var place in places)
        {
            if (place >= node.Children.Length || node.Children[place] is not null)
            {
                CorruptDataException.Throw("A node of a 64-bit bitmap names a child twice or outside its room.", reader.Position);
            }

            node.Children[place] = ReadNode(ref reader, depth + 1);
        }

        return node;
    }

    private static List<int> ReadPlaces(ref Reader reader, KeyTreeNode node, int count)
    {
        var places = new List<int>();
        if (node.Kind == KeyTreeNodeKind.Node256)
        {
            for (var word = 0; word < 4; word++)
            {
                var bits = reader.Int64();
                for (var bit = 0; bit < 64; bit++)
                {
                    if ((bits & (1L << bit)) != 0)
                    {
                        places.Add((word << 6) + bit);
                    }
                }
            }
        }
        else
        {
            var size = Math.Min(8, node.Bytes.Length);
            for (var i = 0; i < node.Bytes.Length; i += size)
            {
                reader.Take(size).CopyTo(node.Bytes.AsSpan(i));
                node.Bytes.AsSpan(i, size).Reverse();
            }

            places.AddRange(node.Kind == KeyTreeNodeKind.Node48 ? node.Places() : Enumerable.Range(0, count));
        }

        if (places.Count != count || count > node.Children.Length)
        {
            CorruptDataException.Throw($"A node of a 64-bit bitmap has {places.Count} children; it says {count}.", reader.Position);
        }

        node.Count = count;
        return places;
    }

    private static RoaringContainer?[] ReadContainers(ref Reader reader, out int last)
    {
        var arrays = reader.Int32();
        reader.Take(1);
        var room = reader.Int32();
        if (arrays != 1 || room < 1 || room > reader.Left)
        {
            CorruptDataException.Throw($"A 64-bit bitmap has {arrays} arrays, the first with {room} places.", reader.Position);
        }

        var containers = new RoaringContainer?[room];
        for (var i = 0; i < room; i++)
        {
            containers[i] = reader.Byte() == 0 ? null : ReadContainer(ref reader);
        }

        reader.Take(12);
        last = reader.Int32();
        if (last < 0 || last >= room)
        {
            CorruptDataException.Throw($"A 64-bit bitmap of {room} places gave place {last} last.", reader.Position);
        }

        return containers;
    }

    private static RoaringContainer ReadContainer(ref Reader reader)
    {
        var kind = reader.Byte();
        var cardinality = reader.Int32();
        if (kind > 2 || cardinality is < 1 or > RoaringContainer.Range)
        {
            CorruptDataException.Throw($"A container of kind {kind} says that it has {cardinality} values.", reader.Position);
        }

        return kind switch
        {
            0 => RunContainer.Read(reader.Take(4 * Math.Max(1, (int)reader.UInt16()))),
            1 => BitmapContainer.Read(reader.Take(BitmapContainer.Bytes), cardinality),
            _ => ArrayContainer.Read(reader.Take(2 * cardinality)),
        };
    }

    private static void Put(IBufferWriter<byte> target, long value, int bytes)
    {
        var span = target.GetSpan(8);
        BinaryPrimitives.WriteInt64LittleEndian(span, value);
        target.Advance(bytes);
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Position { get; private set; }

        public readonly int Left => _bytes.Length - Position;

        public ReadOnlySpan<byte> Take(int count)
        {
            if (count > Left)
            {
                CorruptDataException.Throw($"A 64-bit bitmap of {_bytes.Length} bytes ends {count - Left} bytes too early.", Position);
            }

            Position += count;
            return _bytes.Slice(Position - count, count);
        }

        public byte Byte() => Take(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));
    }
}
