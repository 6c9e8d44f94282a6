using System.Numerics;

namespace PaimonSharp.Data.Predicates;

/// <summary>A set of rows of a batch, one bit a row. Reusable: <see cref="Reset"/> keeps the buffer. One thread at a time.</summary>
public sealed class RowSelection
{
    private ulong[] _words = [];

    /// <summary>The rows of the batch.</summary>
    public int Length { get; private set; }

    /// <summary>The rows that are selected.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in Words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>The bits, row 0 in the lowest bit of the first word; bits beyond the last row are 0.</summary>
    public ReadOnlySpan<ulong> Bits => Words;

    internal Span<ulong> Words => _words.AsSpan(0, (Length + 63) >> 6);

    /// <summary>True when a row is selected.</summary>
    /// <param name="row">0 to <see cref="Length"/> - 1.</param>
    public bool this[int row] => (_words[row >> 6] & (1UL << (row & 63))) != 0;

    /// <summary>Begins a set for a number of rows, none of them selected.</summary>
    /// <param name="length">The rows of the batch.</param>
    public void Reset(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var words = (length + 63) >> 6;
        if (_words.Length < words)
        {
            _words = new ulong[words];
        }

        Words.Clear();
    }

    /// <summary>Writes the selected rows in ascending order.</summary>
    /// <param name="rows">Takes at least <see cref="Count"/> rows.</param>
    /// <returns>The rows written.</returns>
    public int CopyRowsTo(Span<int> rows)
    {
        var count = 0;
        for (var i = 0; i < Words.Length; i++)
        {
            for (var word = _words[i]; word != 0; word &= word - 1)
            {
                rows[count++] = (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return count;
    }

    internal void SelectAll()
    {
        Words.Fill(ulong.MaxValue);
        if ((Length & 63) != 0)
        {
            Words[^1] = (1UL << (Length & 63)) - 1;
        }
    }

    internal void And(RowSelection other)
    {
        for (var i = 0; i < Words.Length; i++)
        {
            _words[i] &= other._words[i];
        }
    }

    internal void Or(RowSelection other)
    {
        for (var i = 0; i < Words.Length; i++)
        {
            _words[i] |= other._words[i];
        }
    }

    internal bool IsEmpty => !Words.ContainsAnyExcept(0UL);
}
