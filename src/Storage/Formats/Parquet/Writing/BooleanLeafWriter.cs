using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats.Parquet.Encodings;
using PaimonSharp.Storage.Formats.Parquet.Footer;
using PaimonSharp.Storage.Formats.Parquet.Schema;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>Writes a leaf of booleans as plain bits.</summary>
internal sealed class BooleanLeafWriter(SchemaNode leaf, DataType type, WriterSettings settings) : LeafWriter(leaf, settings)
{
    private byte[] _bits = [];
    private int _count;
    private int _trueCount;
    private Seen _chunk;
    private Seen _file;
    private Seen _previousPage;

    [Flags]
    private enum Seen
    {
        None = 0,
        False = 1,
        True = 2,
    }

    protected override int PageBytes => (_count + 7) >> 3;

    public override ColumnStatistics FileStatistics()
    {
        if (_file == Seen.None)
        {
            return new ColumnStatistics(NullCount, null, null);
        }

        var (min, max) = (new BooleanVector(type), new BooleanVector(type));
        min.Append((_file & Seen.False) == 0);
        max.Append((_file & Seen.True) != 0);
        return new ColumnStatistics(NullCount, min, max);
    }

    public override void Dispose()
    {
        base.Dispose();
        PooledArray.Return(ref _bits);
    }

    protected override int RowsThatFit(ColumnVector vector, int start, int count) =>
        (int)Math.Clamp((Settings.PageBytes * 8L) - _count, 1, count);

    protected override void AppendValues(ColumnVector vector, int start, int count)
    {
        var bytes = (_count + count + 7) >> 3;
        PooledArray.Reserve(ref _bits, PageBytes, bytes);
        var from = (BooleanVector)vector;
        for (var row = start; row < start + count; row++)
        {
            if (!vector.IsNull(row))
            {
                var value = from[row];
                Bitmap.Set(_bits, _count++, value);
                _trueCount += value ? 1 : 0;
            }
        }
    }

    protected override PageEncoding FinishPageValues(GrowingBuffer body, out PageBounds bounds)
    {
        bounds = default;
        var seen = (_trueCount > 0 ? Seen.True : Seen.None) | (_trueCount < _count ? Seen.False : Seen.None);
        if (seen != Seen.None)
        {
            var (min, max) = (Min(seen), Max(seen));
            var (previousMin, previousMax) = _previousPage == Seen.None ? (min, max) : (Min(_previousPage), Max(_previousPage));
            var first = _previousPage == Seen.None;
            bounds = new PageBounds(
                [min], [max], first || (min >= previousMin && max >= previousMax), first || (min <= previousMin && max <= previousMax));
            _previousPage = seen;
            _chunk |= seen;
            _file |= seen;
        }

        if ((_count & 7) != 0)
        {
            _bits[_count >> 3] &= (byte)((1 << (_count & 7)) - 1);
        }

        body.Append(_bits.AsSpan(0, PageBytes));
        (_count, _trueCount) = (0, 0);
        return PageEncoding.Plain;
    }

    protected override int FinishDictionary(GrowingBuffer body) => -1;

    protected override ChunkStatistics FinishStatistics(long nullCount)
    {
        var seen = _chunk;
        (_chunk, _previousPage) = (Seen.None, Seen.None);
        return seen == Seen.None
            ? new ChunkStatistics(nullCount, null, null)
            : new ChunkStatistics(nullCount, [Min(seen)], [Max(seen)]);
    }

    private static byte Min(Seen seen) => (byte)((seen & Seen.False) != 0 ? 0 : 1);

    private static byte Max(Seen seen) => (byte)((seen & Seen.True) != 0 ? 1 : 0);
}
