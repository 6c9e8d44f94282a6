using System.Numerics;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Reads a range bitmap index (docs/format.md#range-bitmap-index).</summary>
internal sealed class RangeBitmapReader : RowIndexReader
{
    private readonly int _valueCount;
    private readonly RangeDictionary? _dictionary;
    private readonly RoaringBitmap _rows;
    private readonly RoaringBitmap[] _slices;

    private RangeBitmapReader(
        IndexKeyType type, int rowCount, int valueCount, RangeDictionary? dictionary, RoaringBitmap rows, RoaringBitmap[] slices)
        : base(type, rowCount)
    {
        _valueCount = valueCount;
        _dictionary = dictionary;
        _rows = rows;
        _slices = slices;
    }

    /// <summary>Opens an index; null for versions that are not known.</summary>
    public static RangeBitmapReader? TryOpen(IndexKeyType type, ReadOnlyMemory<byte> index)
    {
        var whole = new BigEndianReader(index.Span);
        var header = new BigEndianReader(whole.Take(whole.ReadInt32()));
        if (header.ReadByte() > RangeBitmapWriter.Version)
        {
            return null;
        }

        var rowCount = header.ReadInt32();
        var valueCount = header.ReadInt32();
        if (rowCount < 0 || valueCount < 0 || valueCount > rowCount)
        {
            CorruptDataException.Throw($"A range bitmap index claims {valueCount} values in {rowCount} rows.");
        }

        if (valueCount == 0)
        {
            return new RangeBitmapReader(type, rowCount, 0, null, new RoaringBitmap(), []);
        }

        _ = type.Read(ref header);
        _ = type.Read(ref header);
        var dictionaryBytes = header.ReadInt32();
        var dictionaryStart = whole.Position;
        whole.Take(dictionaryBytes);
        var dictionary = RangeDictionary.TryRead(type, index.Slice(dictionaryStart, dictionaryBytes).Span);
        return dictionary is null || !TryReadSlices(ref whole, valueCount, out var rows, out var slices)
            ? null
            : new RangeBitmapReader(type, rowCount, valueCount, dictionary, rows, slices);
    }

    private protected override RoaringBitmap NotNull() => _rows;

    private protected override RoaringBitmap Equal(IndexKey key)
    {
        var code = Find(key);
        if (code < 0)
        {
            return new RoaringBitmap();
        }

        var rows = _rows;
        for (var i = 0; i < _slices.Length; i++)
        {
            rows = ((code >> i) & 1) != 0 ? RoaringBitmap.And(rows, _slices[i]) : RoaringBitmap.AndNot(rows, _slices[i]);
        }

        return rows;
    }

    private protected override RoaringBitmap? LessThan(IndexKey key, bool orEqual) =>
        RoaringBitmap.AndNot(_rows, GreaterThan(key, !orEqual)!);

    private protected override RoaringBitmap? GreaterThan(IndexKey key, bool orEqual)
    {
        var code = Find(key);
        return Above(code < 0 ? ~code - 1 : orEqual ? code - 1 : code);
    }

    private static bool TryReadSlices(ref BigEndianReader whole, int valueCount, out RoaringBitmap rows, out RoaringBitmap[] slices)
    {
        var header = new BigEndianReader(whole.Take(whole.ReadInt32()));
        (rows, slices) = (new RoaringBitmap(), []);
        if (header.ReadByte() > RangeBitmapWriter.Version)
        {
            return false;
        }

        var count = header.ReadByte();
        var rowBytes = header.ReadInt32();
        var placeBytes = header.ReadInt32();
        if (count != Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(valueCount - 1))) || placeBytes != 8 * count)
        {
            CorruptDataException.Throw($"A range bitmap index of {valueCount} values has {count} slices.");
        }

        rows = RoaringCodec.Read(whole.Take(rowBytes), out _);
        var body = whole.Take(whole.Left);
        slices = new RoaringBitmap[count];
        for (var i = 0; i < count; i++)
        {
            var (offset, length) = (header.ReadInt32(), header.ReadInt32());
            if (offset < 0 || length < 0 || offset > body.Length - length)
            {
                CorruptDataException.Throw($"A slice of a range bitmap index is at {offset} with {length} bytes of {body.Length}.");
            }

            slices[i] = RoaringCodec.Read(body.Slice(offset, length), out _);
        }

        return true;
    }

    private int Find(IndexKey key) => _dictionary is null ? -1 : _dictionary.Find(key);

    // The rows of codes above another one. Low bits that are all set change nothing: no code between differs there only.
    private RoaringBitmap Above(int code)
    {
        if (code < 0)
        {
            return _rows;
        }

        if (code >= _valueCount - 1)
        {
            return new RoaringBitmap();
        }

        RoaringBitmap? state = null;
        for (var i = BitOperations.TrailingZeroCount(~code); i < _slices.Length; i++)
        {
            state = state is null ? _slices[i]
                : ((code >> i) & 1) != 0 ? RoaringBitmap.And(state, _slices[i])
                : RoaringBitmap.Or(state, _slices[i]);
        }

        return state is null ? new RoaringBitmap() : RoaringBitmap.And(state, _rows);
    }
}
