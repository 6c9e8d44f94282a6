using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// Finds where every value of a block of full row images stands, column by column, so that each column is then decoded by a
/// loop of its own. An image: null bits (one a column, lowest first), then the values of the columns that are not NULL.
/// Reused; allocates only for a wider table than before. Not thread-safe.
/// </summary>
internal sealed class RowLocator
{
    /// <summary>Images a block: offsets of a usual table stay in the first-level cache.</summary>
    public const int BlockImages = 256;

    private int[] _offsets = [];
    private bool[] _hasNull = [];

    /// <summary>The images found.</summary>
    public int Count { get; private set; }

    /// <summary>Where the next block begins.</summary>
    public int Next { get; private set; }

    /// <summary>The place of a column's value in each image: of its length prefix if it has one; -1 where it is NULL.</summary>
    public ReadOnlySpan<int> OffsetsOf(int column) => _offsets.AsSpan(column * BlockImages, Count);

    /// <summary>True when an image of the block has NULL in a column.</summary>
    public bool HasNull(int column) => _hasNull[column];

    /// <summary>Walks over at most <see cref="BlockImages"/> images.</summary>
    /// <param name="rows">The rows part of an event.</param>
    /// <param name="start">Where the block begins.</param>
    /// <param name="widths">A column's <see cref="WireColumn.Width"/>.</param>
    public void Locate(ReadOnlySpan<byte> rows, int start, ReadOnlySpan<int> widths)
    {
        if (_hasNull.Length < widths.Length)
        {
            _hasNull = new bool[widths.Length];
            _offsets = new int[widths.Length * BlockImages];
        }

        _hasNull.AsSpan(0, widths.Length).Clear();
        var nullBytes = (widths.Length + 7) >> 3;
        var at = start;
        var image = 0;
        while (image < BlockImages && at < rows.Length)
        {
            if (nullBytes > rows.Length - at || nullBytes == 0)
            {
                ThrowShort(rows.Length, at);
            }

            var nulls = rows.Slice(at, nullBytes);
            at = LocateImage(rows, at + nullBytes, nulls, widths, image);
            image++;
        }

        Count = image;
        Next = at;
    }

    private int LocateImage(ReadOnlySpan<byte> rows, int at, ReadOnlySpan<byte> nulls, ReadOnlySpan<int> widths, int image)
    {
        var offsets = _offsets;
        var slot = image;
        for (var column = 0; column < widths.Length; column++, slot += BlockImages)
        {
            if ((nulls[column >> 3] & (1 << (column & 7))) != 0)
            {
                offsets[slot] = -1;
                _hasNull[column] = true;
                continue;
            }

            offsets[slot] = at;
            var width = widths[column];
            long end = width switch
            {
                >= 0 => (long)at + width,
                -1 when at < rows.Length => at + 1L + rows[at],
                _ => EndOfLong(rows, at, -width),
            };
            if (end > rows.Length)
            {
                ThrowShort(rows.Length, at);
            }

            at = (int)end;
        }

        return at;
    }

    private static long EndOfLong(ReadOnlySpan<byte> rows, int at, int prefix)
    {
        if (prefix > rows.Length - at)
        {
            ThrowShort(rows.Length, at);
        }

        return at + (long)prefix + ValueBytes.ReadLength(rows, at, prefix);
    }

    private static void ThrowShort(int length, int at) =>
        CorruptDataException.Throw($"The rows of an event end after {length} bytes inside a row; a value begins at byte {at}.");
}
