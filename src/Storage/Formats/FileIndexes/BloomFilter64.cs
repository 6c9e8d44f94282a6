using PaimonSharp.Data.Errors;

namespace PaimonSharp.Storage.Formats.FileIndexes;

/// <summary>A Bloom filter of 64-bit hashes (docs/format.md#bloom-filter-index).</summary>
internal sealed class BloomFilter64
{
    private readonly byte[] _bits;

    /// <summary>Makes an empty filter.</summary>
    /// <param name="items">The values that it is made for.</param>
    /// <param name="falsePositives">The part of other values that may seem to be in it.</param>
    public BloomFilter64(long items, double falsePositives)
    {
        var bits = (int)(-items * Math.Log(falsePositives) / (Math.Log(2) * Math.Log(2)));
        bits += 8 - (bits % 8);
        HashCount = Math.Max(1, (int)Math.Floor(((double)bits / items * Math.Log(2)) + 0.5));
        _bits = new byte[bits / 8];
    }

    /// <summary>Reads a filter's bits.</summary>
    /// <param name="hashCount">The bits of a value.</param>
    /// <param name="bits">All bits.</param>
    public BloomFilter64(int hashCount, ReadOnlySpan<byte> bits)
    {
        if (hashCount < 1 || bits.IsEmpty)
        {
            CorruptDataException.Throw($"A Bloom filter has {hashCount} hashes and {bits.Length} bytes.");
        }

        HashCount = hashCount;
        _bits = bits.ToArray();
    }

    /// <summary>The bits of a value.</summary>
    public int HashCount { get; }

    /// <summary>All bits, the lowest of each byte first.</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    /// <summary>Adds a value.</summary>
    /// <param name="hash">The value's hash.</param>
    public void Add(long hash)
    {
        for (var i = 1; i <= HashCount; i++)
        {
            var bit = BitOf(hash, i);
            _bits[bit >> 3] |= (byte)(1 << (bit & 7));
        }
    }

    /// <summary>False when a value was not added.</summary>
    /// <param name="hash">The value's hash.</param>
    public bool MayContain(long hash)
    {
        for (var i = 1; i <= HashCount; i++)
        {
            var bit = BitOf(hash, i);
            if ((_bits[bit >> 3] & (1 << (bit & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private int BitOf(long hash, int i)
    {
        var combined = unchecked((int)hash + (i * (int)(hash >> 32)));
        return (int)((combined < 0 ? ~combined : combined) % (_bits.Length * 8L));
    }
}
