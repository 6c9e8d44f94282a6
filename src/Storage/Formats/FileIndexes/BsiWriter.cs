using System.Numerics;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>Writes a bit-sliced index of numbers (docs/format.md#bsi-index).</summary>
/// <param name="columnName">The column's name, for messages.</param>
internal sealed class BsiWriter(string columnName) : FileIndexWriter
{
    /// <summary>The version of the index and of its halves.</summary>
    public const byte Version = 1;

    private readonly Half _positive = new();
    private readonly Half _negative = new();

    private protected override void AddNumber(int position, ColumnVector column, int row, long number)
    {
        if (number == long.MinValue)
        {
            PaimonException.ThrowInvalid($"Column '{columnName}': a bsi index cannot hold {number}.");
        }

        (number < 0 ? _negative : _positive).Add(position, Math.Abs(number));
    }

    private protected override void AddBytes(int position, ReadOnlySpan<byte> value) =>
        throw new InvalidOperationException("A bsi index has no texts.");

    private protected override byte[] Serialize()
    {
        var writer = new BigEndianWriter();
        writer.WriteByte(Version);
        writer.WriteInt32(RowCount);
        _positive.Write(writer);
        _negative.Write(writer);
        return writer.ToArray();
    }

    // The absolute values of one sign; Paimon's least value is always 0.
    private sealed class Half
    {
        private readonly RoaringBitmap _rows = new();
        private readonly List<RoaringBitmap> _slices = [];
        private long _max;

        public void Add(int position, long value)
        {
            _max = Math.Max(_max, value);
            while (_slices.Count < 64 - BitOperations.LeadingZeroCount((ulong)_max))
            {
                _slices.Add(new RoaringBitmap());
            }

            for (var bits = (ulong)value; bits != 0; bits &= bits - 1)
            {
                _slices[BitOperations.TrailingZeroCount(bits)].Add((uint)position);
            }

            _rows.Add((uint)position);
        }

        public void Write(BigEndianWriter writer)
        {
            writer.WriteByte(_rows.IsEmpty ? (byte)0 : (byte)1);
            if (_rows.IsEmpty)
            {
                return;
            }

            writer.WriteByte(Version);
            writer.WriteInt64(0);
            writer.WriteInt64(_max);
            writer.WriteBytes(RoaringCodec.Write(_rows));
            writer.WriteInt32(_slices.Count);
            foreach (var slice in _slices)
            {
                writer.WriteBytes(RoaringCodec.Write(slice));
            }
        }
    }
}
