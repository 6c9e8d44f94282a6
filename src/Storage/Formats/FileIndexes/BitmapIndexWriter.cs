using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Writes a bitmap index (docs/format.md#bitmap-index).</summary>
internal sealed class BitmapIndexWriter : FileIndexWriter
{
    /// <summary>The version without blocks.</summary>
    public const int Version1 = 1;

    /// <summary>The version whose entries are in blocks.</summary>
    public const int Version2 = 2;

    private const long DefaultBlockBytes = 16 << 10;

    private readonly IndexKeyType _type;
    private readonly int _version;
    private readonly long _blockBytes;
    private readonly Dictionary<IndexKey, int> _ids = new(IndexKeyComparer.Instance);
    private readonly Dictionary<IndexKey, int>.AlternateLookup<ReadOnlySpan<byte>> _texts;
    private readonly List<(IndexKey Key, RoaringBitmap Rows)> _values = [];
    private long _valueRows;
    private int _slots = JavaHashOrder.FirstSlots;

    /// <summary>Begins an index.</summary>
    /// <param name="type">How values become keys.</param>
    /// <param name="options"><c>version</c> and <c>index-block-size</c>.</param>
    public BitmapIndexWriter(IndexKeyType type, TableOptions options)
    {
        _type = type;
        _version = options.GetInt32("version", Version2);
        if (_version is not (Version1 or Version2))
        {
            PaimonException.ThrowUnsupported($"Bitmap indexes of version {_version} are not written; 1 and 2 are.");
        }

        _blockBytes = options.GetSize("index-block-size", DefaultBlockBytes);
        _texts = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    private protected override void AddNumber(int position, ColumnVector column, int row, long number)
    {
        var key = new IndexKey(number, null);
        GrowSlots();
        if (!_ids.TryGetValue(key, out var id))
        {
            id = NewValue(key);
        }

        Add(id, position);
    }

    private protected override void AddBytes(int position, ReadOnlySpan<byte> value)
    {
        GrowSlots();
        if (!_texts.TryGetValue(value, out var id))
        {
            id = NewValue(new IndexKey(0, value.ToArray()));
        }

        Add(id, position);
    }

    private protected override byte[] Serialize()
    {
        var nulls = NullRows();
        var nullBytes = RoaringCodec.Write(nulls);
        var hasNulls = !nulls.IsEmpty;
        var body = new BigEndianWriter();
        if (nulls.Cardinality > 1)
        {
            body.WriteBytes(nullBytes);
        }

        var entries = PlaceValues(body);
        var writer = new BigEndianWriter();
        writer.WriteByte((byte)_version);
        writer.WriteInt32(RowCount);
        writer.WriteInt32(_values.Count);
        writer.WriteByte(hasNulls ? (byte)1 : (byte)0);
        if (hasNulls)
        {
            writer.WriteInt32(nulls.Cardinality == 1 ? -1 - (int)nulls.Next(0) : 0);
        }

        if (_version == Version1)
        {
            foreach (var entry in entries)
            {
                _type.Write(writer, entry.Key);
                writer.WriteInt32(entry.Offset);
            }
        }
        else
        {
            if (hasNulls)
            {
                writer.WriteInt32(nullBytes.Length);
            }

            WriteBlocks(writer, entries);
        }

        writer.WriteBytes(body.Written);
        return writer.ToArray();
    }

    // The rows of a value are one number when it has one, else a bitmap in the body; those in the order of Java's map.
    private List<BitmapIndexEntry> PlaceValues(BigEndianWriter body)
    {
        var entries = new List<BitmapIndexEntry>(_values.Count);
        foreach (var id in OrderOfValues())
        {
            var (key, rows) = _values[id];
            if (rows.Cardinality == 1)
            {
                entries.Add(new BitmapIndexEntry(key, -1 - (int)rows.Next(0), -1));
                continue;
            }

            var bytes = RoaringCodec.Write(rows);
            entries.Add(new BitmapIndexEntry(key, body.Length, bytes.Length));
            body.WriteBytes(bytes);
        }

        return entries;
    }

    private void WriteBlocks(BigEndianWriter writer, List<BitmapIndexEntry> entries)
    {
        entries.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        var blocks = new List<(int First, int Offset)>();
        var offset = 0;
        var blockBytes = 4L;
        for (var i = 0; i < entries.Count; i++)
        {
            var bytes = 8 + _type.SizeOf(entries[i].Key);
            if (i == 0 || blockBytes + bytes > _blockBytes)
            {
                offset += i == 0 ? 0 : (int)blockBytes;
                blocks.Add((i, offset));
                blockBytes = 4;
                if (blockBytes + bytes > _blockBytes)
                {
                    PaimonException.ThrowInvalid(
                        $"A value of {bytes} bytes does not fit into an index block of {_blockBytes}; raise index-block-size.");
                }
            }

            blockBytes += bytes;
        }

        writer.WriteInt32(blocks.Count);
        foreach (var (first, start) in blocks)
        {
            _type.Write(writer, entries[first].Key);
            writer.WriteInt32(start);
        }

        writer.WriteInt32(blocks.Count == 0 ? 0 : offset + (int)blockBytes);
        for (var block = 0; block < blocks.Count; block++)
        {
            var end = block + 1 < blocks.Count ? blocks[block + 1].First : entries.Count;
            writer.WriteInt32(end - blocks[block].First);
            for (var i = blocks[block].First; i < end; i++)
            {
                _type.Write(writer, entries[i].Key);
                writer.WriteInt32(entries[i].Offset);
                writer.WriteInt32(entries[i].Length);
            }
        }
    }

    private RoaringBitmap NullRows()
    {
        var rows = new RoaringBitmap();
        if (_valueRows == RowCount)
        {
            return rows;
        }

        var words = new ulong[BitWords.Count(RowCount)];
        foreach (var (_, values) in _values)
        {
            values.OrRange(0, RowCount, words, 0);
        }

        for (var row = BitWords.Next(words, 0, set: false); row < RowCount; row = BitWords.Next(words, row + 1, set: false))
        {
            rows.Add((uint)row);
        }

        return rows;
    }

    private int[] OrderOfValues() =>
        JavaHashOrder.Of([.. _values.Select(value => _type.JavaHash(value.Key))], _slots, newestFirst: true);

    // As Java's computeIfAbsent does: when the map is too full, whether or not the key is new.
    private void GrowSlots() => _slots *= _values.Count > _slots / 4 * 3 ? 2 : 1;

    private int NewValue(IndexKey key)
    {
        _ids.Add(key, _values.Count);
        _values.Add((key, new RoaringBitmap()));
        return _values.Count - 1;
    }

    private void Add(int id, int position)
    {
        _values[id].Rows.Add((uint)position);
        _valueRows++;
    }
}
