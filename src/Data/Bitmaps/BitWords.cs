using System.Numerics;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>Bits in 64-bit words, the lowest bit of the first word first. Ranges are half open.</summary>
internal static class BitWords
{
    /// <summary>The words that hold some bits.</summary>
    /// <param name="bits">How many bits.</param>
    public static int Count(int bits) => (bits + 63) >> 6;

    /// <summary>Sets a range of bits.</summary>
    /// <param name="words">Holds <paramref name="end"/> bits or more.</param>
    /// <param name="start">The first bit.</param>
    /// <param name="end">The bit after the last one.</param>
    public static void SetRange(Span<ulong> words, int start, int end)
    {
        if (start >= end)
        {
            return;
        }

        var (first, last) = (start >> 6, (end - 1) >> 6);
        var head = ulong.MaxValue << (start & 63);
        var tail = ulong.MaxValue >> (63 - ((end - 1) & 63));
        if (first == last)
        {
            words[first] |= head & tail;
            return;
        }

        words[first] |= head;
        words[(first + 1)..last].Fill(ulong.MaxValue);
        words[last] |= tail;
    }

    /// <summary>Sets in some words the bits that are set in a range of others.</summary>
    /// <param name="source">The bits to copy.</param>
    /// <param name="start">The first bit of the range.</param>
    /// <param name="end">The bit after the range.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="at">The bit of the target that stands for <paramref name="start"/>.</param>
    public static void OrRange(ReadOnlySpan<ulong> source, int start, int end, Span<ulong> target, int at)
    {
        while (start < end)
        {
            var count = Math.Min(64 - (start & 63), end - start);
            var bits = (source[start >> 6] >> (start & 63)) & (ulong.MaxValue >> (64 - count));
            var shift = at & 63;
            target[at >> 6] |= bits << shift;
            if (shift + count > 64)
            {
                target[(at >> 6) + 1] |= bits >> (64 - shift);
            }

            start += count;
            at += count;
        }
    }

    /// <summary>The bits that are set in a range.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="start">The first bit.</param>
    /// <param name="end">The bit after the last one.</param>
    public static int CountRange(ReadOnlySpan<ulong> words, int start, int end)
    {
        if (start >= end)
        {
            return 0;
        }

        var (first, last) = (start >> 6, (end - 1) >> 6);
        var head = ulong.MaxValue << (start & 63);
        var tail = ulong.MaxValue >> (63 - ((end - 1) & 63));
        if (first == last)
        {
            return BitOperations.PopCount(words[first] & head & tail);
        }

        return BitOperations.PopCount(words[first] & head)
            + CountAll(words[(first + 1)..last])
            + BitOperations.PopCount(words[last] & tail);
    }

    /// <summary>The bits that are set.</summary>
    /// <param name="words">The bits.</param>
    public static int CountAll(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>The runs of set bits.</summary>
    /// <param name="words">The bits.</param>
    public static int CountRuns(ReadOnlySpan<ulong> words)
    {
        var runs = 0;
        var before = 0UL;
        foreach (var word in words)
        {
            runs += BitOperations.PopCount(word & ~((word << 1) | before));
            before = word >> 63;
        }

        return runs;
    }

    /// <summary>The first bit at or after another one that is set, or that is not.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="start">Where the search begins.</param>
    /// <param name="set">True to look for a bit that is set.</param>
    /// <returns>The bit; the number of all bits when there is none.</returns>
    public static int Next(ReadOnlySpan<ulong> words, int start, bool set)
    {
        var flip = set ? 0UL : ulong.MaxValue;
        for (var i = start >> 6; i < words.Length; i++)
        {
            var word = words[i] ^ flip;
            if (i == start >> 6)
            {
                word &= ulong.MaxValue << (start & 63);
            }

            if (word != 0)
            {
                return (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return words.Length << 6;
    }
}
