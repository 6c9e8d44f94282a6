namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// The registers of a sketch whose values do not fit in 4 bits, in a hash table of DataSketches' layout: their order in it is
/// their order in the bytes.
/// </summary>
internal sealed class HllExceptions
{
    private readonly int _lgK;
    private int _lgSize;
    private int[] _pairs;
    private int _count;

    /// <summary>Makes an empty table.</summary>
    /// <param name="lgK">The logarithm of the number of registers.</param>
    public HllExceptions(int lgK)
    {
        _lgK = lgK;
        _lgSize = FirstLgSize(lgK);
        _pairs = new int[1 << _lgSize];
    }

    /// <summary>The logarithm of the table's room.</summary>
    public int LgSize => _lgSize;

    /// <summary>The registers in it.</summary>
    public int Count => _count;

    /// <summary>The table; 0 where it is free.</summary>
    public ReadOnlySpan<int> Pairs => _pairs;

    /// <summary>Adds a register.</summary>
    /// <param name="slot">The register.</param>
    /// <param name="pair">It and its value, see <see cref="HllSketch.Pair"/>.</param>
    public void Add(int slot, int pair)
    {
        Place(slot, pair);
        _count++;
        if (4 * _count <= 3 * _pairs.Length)
        {
            return;
        }

        var old = _pairs;
        _pairs = new int[1 << ++_lgSize];
        foreach (var moved in old)
        {
            if (moved != 0)
            {
                Place(moved & ((1 << _lgK) - 1), moved);
            }
        }
    }

    private static int FirstLgSize(int lgK) => lgK switch
    {
        < 7 => 2,
        < 10 => 3,
        < 12 => 4,
        < 14 => 5,
        14 => 6,
        _ => lgK - 8,
    };

    private void Place(int slot, int pair)
    {
        var mask = _pairs.Length - 1;
        var at = slot & mask;
        while (_pairs[at] != 0)
        {
            at = (at + ((slot >> _lgSize) | 1)) & mask;
        }

        _pairs[at] = pair;
    }
}
