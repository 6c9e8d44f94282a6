using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Reads a bitmap index of both versions (docs/format.md#bitmap-index).</summary>
internal sealed class BitmapIndexReader : RowIndexReader
{
    private readonly ReadOnlyMemory<byte> _index;
    private readonly Dictionary<IndexKey, BitmapIndexEntry> _entries;
    private readonly int? _nullOffset;
    private readonly int _bodyStart;

    private BitmapIndexReader(
        IndexKeyType type,
        int rowCount,
        ReadOnlyMemory<byte> index,
        Dictionary<IndexKey, BitmapIndexEntry> entries,
        int? nullOffset,
        int bodyStart)
        : base(type, rowCount)
    {
        _index = index;
        _entries = entries;
        _nullOffset = nullOffset;
        _bodyStart = bodyStart;
    }

    /// <summary>Opens an index; null for versions that are not known.</summary>
    public static BitmapIndexReader? TryOpen(IndexKeyType type, ReadOnlyMemory<byte> index)
    {
        var reader = new BigEndianReader(index.Span);
        var version = reader.ReadByte();
        if (version is not (BitmapIndexWriter.Version1 or BitmapIndexWriter.Version2))
        {
            return null;
        }

        var rowCount = reader.ReadInt32();
        var valueCount = reader.ReadInt32();
        if (rowCount < 0 || valueCount < 0 || valueCount > rowCount)
        {
            CorruptDataException.Throw($"A bitmap index claims {valueCount} values in {rowCount} rows.");
        }

        int? nullOffset = reader.ReadByte() != 0 ? reader.ReadInt32() : null;
        var entries = new Dictionary<IndexKey, BitmapIndexEntry>(IndexKeyComparer.Instance);
        if (version == BitmapIndexWriter.Version1)
        {
            for (var i = 0; i < valueCount; i++)
            {
                var key = type.Read(ref reader);
                entries[key] = new BitmapIndexEntry(key, reader.ReadInt32(), -1);
            }
        }
        else
        {
            _ = nullOffset is null ? 0 : reader.ReadInt32();
            ReadBlocks(type, ref reader, entries);
        }

        return new BitmapIndexReader(type, rowCount, index, entries, nullOffset, reader.Position);
    }

    private protected override RoaringBitmap NotNull() => _nullOffset is { } offset
        ? RoaringBitmap.AndNot(RoaringBitmap.OfRange(0, RowCount), RowsAt(offset))
        : RoaringBitmap.OfRange(0, RowCount);

    private protected override RoaringBitmap Equal(IndexKey key) =>
        _entries.TryGetValue(key, out var entry) ? RowsAt(entry.Offset) : new RoaringBitmap();

    private protected override RoaringBitmap? LessThan(IndexKey key, bool orEqual) => null;

    private protected override RoaringBitmap? GreaterThan(IndexKey key, bool orEqual) => null;

    private static void ReadBlocks(
        IndexKeyType type, ref BigEndianReader reader, Dictionary<IndexKey, BitmapIndexEntry> entries)
    {
        var blocks = reader.ReadCount("blocks", type.LeastBytes + 4);
        for (var i = 0; i < blocks; i++)
        {
            _ = type.Read(ref reader);
            _ = reader.ReadInt32();
        }

        // Blocks follow each other without gaps.
        var length = reader.ReadInt32();
        var end = reader.Position + (long)length;
        for (var i = 0; i < blocks; i++)
        {
            for (var left = reader.ReadCount("values", type.LeastBytes + 8); left > 0; left--)
            {
                var key = type.Read(ref reader);
                entries[key] = new BitmapIndexEntry(key, reader.ReadInt32(), reader.ReadInt32());
            }
        }

        if (reader.Position != end)
        {
            CorruptDataException.Throw($"The blocks of a bitmap index end at byte {reader.Position}; {end} is stated.");
        }
    }

    private RoaringBitmap RowsAt(int offset)
    {
        if (offset < 0)
        {
            var row = new RoaringBitmap();
            row.Add((uint)(-1 - offset));
            return row;
        }

        if (offset > _index.Length - _bodyStart)
        {
            CorruptDataException.Throw($"A bitmap index of {_index.Length} bytes has no bitmap at {_bodyStart + (long)offset}.");
        }

        return RoaringCodec.Read(_index.Span[(_bodyStart + offset)..], out _);
    }
}
