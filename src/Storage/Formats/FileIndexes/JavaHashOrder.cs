namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>
/// The order in which Java's HashMap lists its entries. Paimon writes what it keeps in such maps in that order; to write the
/// same bytes we follow it. Long chains, which Java turns into trees, are listed as if they had stayed chains.
/// </summary>
internal static class JavaHashOrder
{
    /// <summary>The slots of a map to begin with; there are twice as many when more than three quarters hold an entry.</summary>
    public const int FirstSlots = 16;

    /// <summary>The order of the entries of a map.</summary>
    /// <param name="hashes">The hash codes of the keys in the order in which they were put in.</param>
    /// <param name="slotCount">The slots of the map.</param>
    /// <param name="newestFirst">True when a key that came later stands first in its slot: where computeIfAbsent made it.</param>
    /// <returns>Their positions.</returns>
    public static int[] Of(IReadOnlyList<int> hashes, int slotCount, bool newestFirst)
    {
        var slots = new int[hashes.Count];
        var order = new int[hashes.Count];
        for (var i = 0; i < order.Length; i++)
        {
            slots[i] = (int)((uint)(hashes[i] ^ (hashes[i] >>> 16)) & (uint)(slotCount - 1));
            order[i] = i;
        }

        return newestFirst ? [.. order.OrderBy(i => slots[i]).ThenByDescending(i => i)] : [.. order.OrderBy(i => slots[i])];
    }

    /// <summary>The slots of a map that keys were put into.</summary>
    public static int SlotsFor(int count)
    {
        var slots = FirstSlots;
        while (count > slots / 4 * 3)
        {
            slots *= 2;
        }

        return slots;
    }

    /// <summary>Java's hash code of a text.</summary>
    public static int HashOf(string text)
    {
        var hash = 0;
        foreach (var c in text)
        {
            hash = unchecked((hash * 31) + c);
        }

        return hash;
    }
}
