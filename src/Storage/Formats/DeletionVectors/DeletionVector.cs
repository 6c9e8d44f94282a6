using System.Numerics;
using PaimonSharp.Data.Bitmaps;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.DeletionVectors;

/// <summary>
/// The rows of a data file that are deleted, by their position in it, 0 for the first
/// (docs/format.md#deletion-vectors). For one thread while it is changed; safe for several afterwards.
/// </summary>
/// <param name="is64Bit">True to hold positions from 2^31 on, and to be written in the 64-bit form.</param>
internal sealed class DeletionVector(bool is64Bit = false)
{
    /// <summary>The largest position of the 32-bit form.</summary>
    public const long MaxPosition32 = int.MaxValue;

    /// <summary>The bitmaps of the 64-bit form, each of 2^32 positions: more rows than any file has.</summary>
    public const int MaxParts = 1 << 16;

    private const int StepRows = 4096;

    // By the upper 32 bits of the positions.
    private readonly List<RoaringBitmap> _parts = [];

    /// <summary>True when it is written in the 64-bit form.</summary>
    public bool Is64Bit { get; } = is64Bit;

    /// <summary>The rows that are deleted.</summary>
    public long Cardinality
    {
        get
        {
            var count = 0L;
            foreach (var part in _parts)
            {
                count += part.Cardinality;
            }

            return count;
        }
    }

    /// <summary>True when no row is deleted.</summary>
    public bool IsEmpty => _parts.TrueForAll(static part => part.IsEmpty);

    /// <summary>The bitmaps by the upper 32 bits of the positions, from 0 on.</summary>
    public IReadOnlyList<RoaringBitmap> Parts => _parts;

    /// <summary>Makes the vector of bitmaps.</summary>
    /// <param name="parts">By the upper 32 bits of the positions, from 0 on; taken over.</param>
    /// <param name="is64Bit">True to be written in the 64-bit form.</param>
    public static DeletionVector Of(IEnumerable<RoaringBitmap> parts, bool is64Bit)
    {
        var vector = new DeletionVector(is64Bit);
        vector._parts.AddRange(parts);
        return vector;
    }

    /// <summary>Deletes a row.</summary>
    /// <param name="position">Its position in the file.</param>
    /// <returns>False when it was deleted before.</returns>
    /// <exception cref="PaimonException">Invalid: the form does not hold the position.</exception>
    public bool Delete(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position > (Is64Bit ? ((long)MaxParts << 32) - 1 : MaxPosition32))
        {
            throw new PaimonException(
                ErrorKind.Invalid,
                $"The row {position} is beyond what a deletion vector of {(Is64Bit ? 64 : 32)} bits holds; "
                + "deletion-vectors.bitmap64 = true allows more rows in a file.");
        }

        while (_parts.Count <= position >> 32)
        {
            _parts.Add(new RoaringBitmap());
        }

        return _parts[(int)(position >> 32)].Add((uint)position);
    }

    /// <summary>Deletes all rows that another vector of the same form deletes.</summary>
    public void Merge(DeletionVector other)
    {
        while (_parts.Count < other._parts.Count)
        {
            _parts.Add(new RoaringBitmap());
        }

        for (var i = 0; i < other._parts.Count; i++)
        {
            _parts[i].Unite(other._parts[i]);
        }
    }

    /// <summary>True when a row is deleted.</summary>
    /// <param name="position">Its position in the file.</param>
    public bool IsDeleted(long position) =>
        position >> 32 < _parts.Count && _parts[(int)(position >> 32)].Contains((uint)position);

    /// <summary>The deleted rows of a range.</summary>
    /// <param name="start">The position of the first row.</param>
    /// <param name="count">How many rows.</param>
    public int CountDeleted(long start, int count)
    {
        var deleted = 0L;
        for (var (at, end) = (start, start + count); at < end;)
        {
            var (part, origin, next) = PartAt(at, end);
            deleted += part?.CountRange(at - origin, next - origin) ?? 0;
            at = next;
        }

        return (int)deleted;
    }

    /// <summary>Finds the rows of a range that are not deleted.</summary>
    /// <param name="start">The position of the first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="rows">Filled with the rows that are left, counted from <paramref name="start"/>, ascending.</param>
    /// <returns>The rows that are left.</returns>
    public int FindLive(long start, int count, Span<int> rows)
    {
        Span<ulong> words = stackalloc ulong[StepRows / 64];
        var live = 0;
        for (var step = 0; step < count; step += StepRows)
        {
            var length = Math.Min(StepRows, count - step);
            words.Clear();
            MarkDeleted(start + step, length, words);
            for (var i = 0; i < BitWords.Count(length); i++)
            {
                var last = Math.Min(64, length - (i << 6));
                for (var word = ~words[i] & (ulong.MaxValue >> (64 - last)); word != 0; word &= word - 1)
                {
                    rows[live++] = step + (i << 6) + BitOperations.TrailingZeroCount(word);
                }
            }
        }

        return live;
    }

    private void MarkDeleted(long start, int count, Span<ulong> words)
    {
        for (var (at, end) = (start, start + count); at < end;)
        {
            var (part, origin, next) = PartAt(at, end);
            part?.OrRange(at - origin, next - origin, words, (int)(at - start));
            at = next;
        }
    }

    // A range may cross from one bitmap of 2^32 positions to the next.
    private (RoaringBitmap? Part, long Origin, long Next) PartAt(long position, long end)
    {
        var key = position >> 32;
        var origin = key << 32;
        return (key < _parts.Count ? _parts[(int)key] : null, origin, Math.Min(end, origin + (1L << 32)));
    }
}
