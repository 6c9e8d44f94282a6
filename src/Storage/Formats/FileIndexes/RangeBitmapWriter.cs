using System.Numerics;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Writes a range bitmap index (docs/format.md#range-bitmap-index).</summary>
internal sealed class RangeBitmapWriter : FileIndexWriter
{
    /// <summary>The version of the index and of its parts.</summary>
    public const byte Version = 1;

    private const long DefaultChunkBytes = 16 << 10;

    private readonly IndexKeyType _type;
    private readonly int _chunkBytes;
    private readonly Dictionary<IndexKey, int> _ids = new(IndexKeyComparer.Instance);
    private readonly Dictionary<IndexKey, int>.AlternateLookup<ReadOnlySpan<byte>> _texts;

    // The rows that have a value, ascending, and the value's id: its place among those seen first.
    private readonly List<(int Row, int Id)> _rows = [];

    /// <summary>Begins an index.</summary>
    /// <param name="type">How values become keys.</param>
    /// <param name="options"><c>chunk-size</c>.</param>
    public RangeBitmapWriter(IndexKeyType type, TableOptions options)
    {
        _type = type;
        _chunkBytes = (int)Math.Min(int.MaxValue, options.GetSize("chunk-size", type.Width is 1 or 2 ? 0 : DefaultChunkBytes));
        _texts = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    private protected override void AddNumber(int position, ColumnVector column, int row, long number)
    {
        var key = new IndexKey(number, null);
        if (!_ids.TryGetValue(key, out var id))
        {
            id = _ids.Count;
            _ids.Add(key, id);
        }

        _rows.Add((position, id));
    }

    private protected override void AddBytes(int position, ReadOnlySpan<byte> value)
    {
        if (!_texts.TryGetValue(value, out var id))
        {
            id = _ids.Count;
            _ids.Add(new IndexKey(0, value.ToArray()), id);
        }

        _rows.Add((position, id));
    }

    private protected override byte[] Serialize()
    {
        IndexKey[] keys = [.. _ids.Keys.Order()];
        var dictionary = RangeDictionaryWriter.Write(_type, keys, _chunkBytes);
        var header = new BigEndianWriter();
        header.WriteByte(Version);
        header.WriteInt32(RowCount);
        header.WriteInt32(keys.Length);
        if (keys.Length > 0)
        {
            _type.Write(header, keys[0]);
            _type.Write(header, keys[^1]);
        }

        header.WriteInt32(dictionary.Length);
        var writer = new BigEndianWriter();
        writer.WriteInt32(header.Length);
        writer.WriteBytes(header.Written);
        writer.WriteBytes(dictionary);
        WriteSlices(writer, keys);
        return writer.ToArray();
    }

    private void WriteSlices(BigEndianWriter writer, IndexKey[] keys)
    {
        // The largest code of no value is -1: 64 slices, all empty.
        var slices = new RoaringBitmap[Math.Max(1, 64 - BitOperations.LeadingZeroCount((ulong)(keys.Length - 1L)))];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = new RoaringBitmap();
        }

        var codes = new int[keys.Length];
        for (var code = 0; code < keys.Length; code++)
        {
            codes[_ids[keys[code]]] = code;
        }

        var rows = new RoaringBitmap();
        foreach (var (row, id) in _rows)
        {
            rows.Add((uint)row);
            for (var bits = (uint)codes[id]; bits != 0; bits &= bits - 1)
            {
                slices[BitOperations.TrailingZeroCount(bits)].Add((uint)row);
            }
        }

        var rowBytes = RoaringCodec.Write(rows);
        var body = new BigEndianWriter();
        var header = new BigEndianWriter();
        header.WriteByte(Version);
        header.WriteByte((byte)slices.Length);
        header.WriteInt32(rowBytes.Length);
        header.WriteInt32(8 * slices.Length);
        foreach (var slice in slices)
        {
            var bytes = RoaringCodec.Write(slice);
            header.WriteInt32(body.Length);
            header.WriteInt32(bytes.Length);
            body.WriteBytes(bytes);
        }

        writer.WriteInt32(header.Length);
        writer.WriteBytes(header.Written);
        writer.WriteBytes(rowBytes);
        writer.WriteBytes(body.Written);
    }
}
