using System.Buffers;
using PaimonSharp.Data.Keys;

namespace PaimonSharp.Storage.Lsm;

/// <summary>
/// Sorts the rows of a buffer by key, rows of equal keys in the order they came in: a radix sort of (prefix, row) pairs, least
/// significant byte first, that skips the bytes in which all prefixes agree; keys longer than their prefix are then put in
/// order within runs of equal prefixes.
/// </summary>
internal static class KeySorter
{
    private const int Digits = sizeof(ulong);
    private const int Values = 256;

    private record struct Entry(ulong Prefix, int Row);

    /// <summary>Sorts.</summary>
    /// <param name="keys">The keys of the rows.</param>
    /// <param name="order">Room for as many rows as there are keys; filled with rows in key order.</param>
    public static void Sort(EncodedKeys keys, Span<int> order)
    {
        var count = keys.Count;
        var first = ArrayPool<Entry>.Shared.Rent(count);
        var second = ArrayPool<Entry>.Shared.Rent(count);
        var prefixes = keys.Prefixes;
        var isSorted = true;
        for (var i = 0; i < count; i++)
        {
            first[i] = new Entry(prefixes[i], i);
            isSorted &= i == 0 || prefixes[i - 1] <= prefixes[i];
        }

        var sorted = isSorted ? first : SortByPrefix(first, second, count);
        for (var i = 0; i < count; i++)
        {
            order[i] = sorted[i].Row;
        }

        if (!keys.IsPrefixExact)
        {
            SortWithinPrefixes(keys, sorted.AsSpan(0, count), order);
        }

        ArrayPool<Entry>.Shared.Return(first);
        ArrayPool<Entry>.Shared.Return(second);
    }

    private static Entry[] SortByPrefix(Entry[] from, Entry[] to, int count)
    {
        Span<int> histogram = stackalloc int[Digits * Values];
        histogram.Clear();
        foreach (ref readonly var entry in from.AsSpan(0, count))
        {
            var prefix = entry.Prefix;
            for (var digit = 0; digit < Digits; digit++)
            {
                histogram[(digit * Values) + (byte)prefix]++;
                prefix >>= 8;
            }
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            var counts = histogram.Slice(digit * Values, Values);
            var shift = digit * 8;
            if (counts[(byte)(from[0].Prefix >> shift)] == count)
            {
                continue;
            }

            var offset = 0;
            for (var value = 0; value < Values; value++)
            {
                (counts[value], offset) = (offset, offset + counts[value]);
            }

            foreach (ref readonly var entry in from.AsSpan(0, count))
            {
                to[counts[(byte)(entry.Prefix >> shift)]++] = entry;
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private static void SortWithinPrefixes(EncodedKeys keys, ReadOnlySpan<Entry> sorted, Span<int> order)
    {
        var comparison = new Comparison<int>((left, right) =>
        {
            var byKey = keys.Compare(left, right);
            return byKey != 0 ? byKey : left.CompareTo(right);
        });
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && sorted[end].Prefix == sorted[start].Prefix)
            {
                end++;
            }

            if (end - start > 1)
            {
                order[start..end].Sort(comparison);
            }

            start = end;
        }
    }
}
