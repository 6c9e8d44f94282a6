using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Reads a bit-sliced index (docs/format.md#bsi-index).</summary>
internal sealed class BsiReader : RowIndexReader
{
    private readonly Half _positive;
    private readonly Half _negative;

    private BsiReader(IndexKeyType type, int rowCount, Half positive, Half negative)
        : base(type, rowCount)
    {
        _positive = positive;
        _negative = negative;
    }

    /// <summary>Opens an index; null for versions that are not known.</summary>
    public static BsiReader? TryOpen(IndexKeyType type, ReadOnlySpan<byte> index)
    {
        var reader = new BigEndianReader(index);
        if (reader.ReadByte() > BsiWriter.Version)
        {
            return null;
        }

        var rowCount = reader.ReadInt32();
        if (rowCount < 0)
        {
            CorruptDataException.Throw($"A bsi index claims {rowCount} rows.");
        }

        return Half.TryRead(ref reader, index) is { } positive && Half.TryRead(ref reader, index) is { } negative
            ? new BsiReader(type, rowCount, positive, negative)
            : null;
    }

    private protected override RoaringBitmap NotNull() => RoaringBitmap.Or(_positive.Rows, _negative.Rows);

    private protected override RoaringBitmap Equal(IndexKey key) =>
        key.Number < 0 ? _negative.Compare(Magnitude(key)).Equal : _positive.Compare(Magnitude(key)).Equal;

    private protected override RoaringBitmap? LessThan(IndexKey key, bool orEqual)
    {
        var (less, equal, greater) = (key.Number < 0 ? _negative : _positive).Compare(Magnitude(key));
        var rows = key.Number < 0 ? greater : RoaringBitmap.Or(less, _negative.Rows);
        return orEqual ? RoaringBitmap.Or(rows, equal) : rows;
    }

    private protected override RoaringBitmap? GreaterThan(IndexKey key, bool orEqual)
    {
        var (less, equal, greater) = (key.Number < 0 ? _negative : _positive).Compare(Magnitude(key));
        var rows = key.Number < 0 ? RoaringBitmap.Or(less, _positive.Rows) : greater;
        return orEqual ? RoaringBitmap.Or(rows, equal) : rows;
    }

    // As an unsigned number, which holds that of the smallest long, too.
    private static ulong Magnitude(IndexKey key) => key.Number < 0 ? unchecked(0UL - (ulong)key.Number) : (ulong)key.Number;

    private sealed record Half(ulong Min, ulong Max, RoaringBitmap Rows, IReadOnlyList<RoaringBitmap> Slices)
    {
        private const int MaxSlices = 64;

        public static Half? TryRead(ref BigEndianReader reader, ReadOnlySpan<byte> index)
        {
            if (reader.ReadByte() == 0)
            {
                return new Half(0, 0, new RoaringBitmap(), []);
            }

            if (reader.ReadByte() > BsiWriter.Version)
            {
                return null;
            }

            var (min, max) = (reader.ReadInt64(), reader.ReadInt64());
            var rows = ReadBitmap(ref reader, index);
            var count = reader.ReadInt32();
            if (count is < 0 or > MaxSlices || min < 0 || max < min)
            {
                CorruptDataException.Throw($"A bsi index has {count} slices for the values {min} to {max}.");
            }

            var slices = new RoaringBitmap[count];
            for (var i = 0; i < count; i++)
            {
                slices[i] = ReadBitmap(ref reader, index);
            }

            return new Half((ulong)min, (ulong)max, rows, slices);
        }

        /// <summary>The rows of values below, equal to and above another one, from the highest bit down.</summary>
        public (RoaringBitmap Less, RoaringBitmap Equal, RoaringBitmap Greater) Compare(ulong value)
        {
            var (less, greater) = (new RoaringBitmap(), new RoaringBitmap());
            if (value < Min)
            {
                return (less, new RoaringBitmap(), Rows);
            }

            if (value > Max)
            {
                return (Rows, new RoaringBitmap(), greater);
            }

            var equal = Rows;
            for (var i = Slices.Count - 1; i >= 0; i--)
            {
                if ((((value - Min) >> i) & 1) != 0)
                {
                    less = RoaringBitmap.Or(less, RoaringBitmap.AndNot(equal, Slices[i]));
                    equal = RoaringBitmap.And(equal, Slices[i]);
                }
                else
                {
                    greater = RoaringBitmap.Or(greater, RoaringBitmap.And(equal, Slices[i]));
                    equal = RoaringBitmap.AndNot(equal, Slices[i]);
                }
            }

            return (less, equal, greater);
        }

        private static RoaringBitmap ReadBitmap(ref BigEndianReader reader, ReadOnlySpan<byte> index)
        {
            var bitmap = RoaringCodec.Read(index[reader.Position..], out var length);
            reader.Take(length);
            return bitmap;
        }
    }
}
